// The desk's own script: its keys, the count of characters, copying what was edited, and what is read aloud to the blind.
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const shown = (element) => Boolean(element && element.offsetParent !== null);

  // A tab is shown by its button; what is in it exists only from then on.
  const open = (tab, selector) => {
    const button = find(`#${tab}-button`);
    if (button && button.getAttribute("aria-selected") !== "true") button.click();
    let left = 40;
    const focus = () => {
      const field = find(selector);
      if (shown(field)) { field.focus(); field.select(); }
      else if ((left -= 1) > 0) window.setTimeout(focus, 25);
    };
    focus();
  };
  const press = (selector) => {
    const button = find(selector);
    if (!shown(button)) return false;
    button.click();
    return true;
  };

  const KEYS = {
    Digit1: () => { open("yj-tab-desk", "#yj-desk-question textarea"); return true; },
    Digit2: () => press("#yj-desk-copy"),
    Digit3: () => press("#yj-desk-transfer"),
    Digit4: () => press("#yj-desk-beside .yj-open"),
    Digit5: () => { open("yj-tab-check", "#yj-check-text textarea"); return true; },
    Digit0: () => press("#yj-desk-fresh"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.code in KEYS) {
      if (KEYS[event.code]()) event.preventDefault(); // some browsers turn the page with it
    }
    if (event.ctrlKey && event.key === "Enter" && event.target.closest("#yj-check-text")) {
      event.preventDefault();
      press("#yj-check-submit");
    }
  });

  document.addEventListener("input", (event) => {
    const count = event.target.closest("#yj-desk-spoken") && find("#yj-desk-count");
    if (count) count.textContent = `${[...event.target.value].length} 字`;
  });

  const say = (words) => {
    const live = find("#yj-desk-live");
    if (live) live.textContent = words;
  };
  const copyFrom = async (field, button, done) => {
    const copied = await window.yiju.copy(field.value);
    window.yiju.announce(button, copied ? "已复制" : "请手动复制");
    say(copied ? done : "没有复制上，请手动复制");
    if (!copied) { field.focus(); field.select(); }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#yj-desk-copy");
    const field = button && find("#yj-desk-spoken textarea");
    if (field) copyFrom(field, button, "口径已复制");
  });

  // A text longer than the server takes is refused here, before it is sent; it stays in its field.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#yj-check-submit")) return;
    const line = find("#yj-check-too-long");
    const bytes = new TextEncoder().encode(JSON.stringify(find("#yj-check-text textarea").value)).length;
    line.hidden = bytes <= Number(line.dataset.maxBytes);
    if (line.hidden) return;
    const most = line.dataset.maxBytes / 1024 / 1024;
    line.textContent = `粘贴的文字：文字超过一次核对的上限 ${most} MB；请分几次核对`;
    event.stopImmediatePropagation();
  }, true);

  window.yiju.desk = {
    focus() { open("yj-tab-desk", "#yj-desk-question textarea"); },
    answered(element) {
      window.yiju.opener = null;
      if (window.yiju.close) window.yiju.close();
      const call = element.querySelector(".yj-call");
      say(call ? call.dataset.said : "");
      const keys = { "yj-desk-copy": "Alt+2", "yj-desk-transfer": "Alt+3", "yj-desk-fresh": "Alt+0" };
      Object.entries(keys).forEach(([id, key]) => document.getElementById(id)?.setAttribute("aria-keyshortcuts", key));
      if (call && window.innerWidth <= 820) element.scrollIntoView({ block: "start" });
    },
    checked(element) {
      window.yiju.opener = null;
      if (window.yiju.close) window.yiju.close();
      if (window.innerWidth <= 820 && element.querySelector(".yj-band")) element.scrollIntoView({ block: "start" });
    },
    save(file) {
      if (!file) return;
      const { name, kind, data } = JSON.parse(file);
      const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([bytes], { type: kind }));
      link.download = name;
      document.body.append(link);
      link.click();
      link.remove();
      window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
    copySheet(sheet) {
      const copy = (left) => {
        const field = find("#yj-desk-sheet-text textarea");
        if (shown(field) && field.value === sheet) copyFrom(field, find("#yj-desk-transfer"), "转办单已复制");
        else if (left > 0) window.setTimeout(() => copy(left - 1), 25);
      };
      if (sheet) copy(40);
    },
  };
})();
