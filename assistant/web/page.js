// The page's own script: copying, focus around the source drawer, and Enter while an input method is composing.
(() => {
  "use strict";
  document.documentElement.lang = "zh-CN";

  const announce = (button, words) => {
    const before = button.dataset.words || button.textContent;
    button.dataset.words = before;
    button.textContent = words;
    window.setTimeout(() => { button.textContent = before; }, 1600);
  };

  // navigator.clipboard is absent outside loopback and https; a text area still copies there.
  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) {
      try { await navigator.clipboard.writeText(text); return true; } catch { /* refused: try the old way */ }
    }
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) announce(button, (await copy(button.dataset.copy)) ? "已复制" : "请手动复制");
  });

  // A button in a text presses one of the page's own.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-press]");
    if (button) document.querySelector(button.dataset.press)?.click();
  });

  // Enter that commits a candidate of the input method must not submit the question.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  }, true);

  // A file of the wrong kind or size is refused here, before it is sent; the server checks again.
  document.addEventListener("change", (event) => {
    if (event.target.type !== "file" || !event.target.files.length) return;
    const tab = event.target.closest("[role=tabpanel]") || document;
    const limits = tab.querySelector("[data-max-mb]");
    const problem = tab.querySelector("[data-upload-problem]");
    if (!limits) return;
    const file = event.target.files[0];
    const types = limits.dataset.types.split(" ");
    const maxMb = Number(limits.dataset.maxMb);
    let line = "";
    if (!types.some((type) => file.name.toLowerCase().endsWith(type))) {
      line = `“${file.name}”的类型不支持；请上传 ${limits.dataset.types} 文件。`;
    } else if (file.size > maxMb * 1e6) {
      line = `“${file.name}”有 ${(file.size / 1e6).toFixed(1)} MB，上限是 ${maxMb} MB；请拆分后上传，或请管理员调高上限。`;
    }
    problem.textContent = line;
    problem.hidden = !line;
    document.body.classList.toggle("yj-upload-refused", Boolean(line)); // hides what was said of an earlier file
    const sending = tab.querySelector("[data-upload-sending]");
    sending.textContent = line ? "" : `正在上传和解析“${file.name}”……`;
    sending.hidden = Boolean(line);
    if (line) {
      event.stopImmediatePropagation();
      event.target.value = "";
    }
  }, true);

  // What Gradio itself says of a broken connection is English; everything else it says here comes from us.
  const SAID = [
    [/^Error$/, "出错了"],
    [/^Connection Lost$/i, "连接断了"],
    [/^Connection to the server was lost/, "与服务的连接断了，正在重新连接。如果一直连不上，请确认服务还在运行。"],
    [/^Connection errored out/, "没有连上服务。请确认服务还在运行，然后刷新页面。"],
    [/exceeds? (the )?maximum|File size exceeded/i, "文件太大，没有上传。"],
  ];
  const translate = (toast) => {
    const walker = document.createTreeWalker(toast, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const said = SAID.find(([pattern]) => pattern.test(walker.currentNode.data.trim()));
      if (said) walker.currentNode.data = said[1];
    }
    if (!/连接|连上/.test(toast.textContent)) return;
    document.querySelectorAll(".yj-hint[data-waiting]").forEach((waiting) => {
      waiting.removeAttribute("data-waiting"); // first: changing its text calls this again
      waiting.textContent = "没有收到结果：与服务的连接断了。连上后请再试一次。";
    });
  };
  const watchPage = () => new MutationObserver((changes) => {
    document.querySelectorAll(".toast-body").forEach(translate);
    const results = "#yj-message, #yj-preview-text, #yj-check-verdict";
    const answered = (change) => change.target.closest?.(results) && change.addedNodes.length;
    if (changes.some(answered)) document.querySelectorAll("[data-upload-sending]").forEach((line) => { line.hidden = true; });
  }).observe(document.body, { childList: true, subtree: true });
  if (document.body) watchPage();
  else document.addEventListener("DOMContentLoaded", watchPage);

  window.addEventListener("popstate", () => {
    if (!window.yiju.pushed) return;
    window.yiju.pushed = false;
    window.yiju.close();
  });

  window.yiju = {
    opener: null,
    close: null, // set by the drawer
    copy,
    announce,
    pushed: false, // an open source is a step of the history, so that the back button closes it
    growing: false, // a language model is writing: the page was brought up once and stays where the reader is
    answered(element) {
      const section = element.querySelector(".yj-result");
      const live = document.getElementById("yj-ask-live");
      if (live && section?.dataset.said) live.textContent = section.dataset.said;
      const grew = this.growing;
      this.growing = section?.getAttribute("aria-busy") === "true";
      if (grew) return;
      this.opener = null;
      if (this.close) this.close();
      if (window.innerWidth <= 820 && section) element.scrollIntoView({ block: "start" });
    },
    opened(element) {
      const drawer = element.querySelector(".yj-drawer");
      document.body.classList.toggle("yj-reading", Boolean(drawer));
      if (!drawer) return;
      if (!this.pushed) {
        window.history.pushState({ yiju: "source" }, "");
        this.pushed = true;
      }
      const target = drawer.querySelector("mark") || drawer.querySelector(".yj-here");
      const pane = drawer.querySelector(".yj-text");
      if (target && pane) {
        const offset = target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
        pane.scrollTop += offset - pane.clientHeight / 3;
      }
      drawer.querySelector(".yj-close").focus({ preventScroll: true });
    },
    closed() {
      document.body.classList.remove("yj-reading");
      if (this.pushed) {
        this.pushed = false;
        window.history.back();
      }
      if (this.opener && this.opener.isConnected) this.opener.focus({ preventScroll: true });
    },
  };
})();
