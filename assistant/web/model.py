"""The language model that words the answers, as the page speaks of it before anything is sent."""

from dataclasses import dataclass

from assistant.settings import Settings
from assistant.web.escape import escape


@dataclass(frozen=True, slots=True)
class Model:
    """A language model that is switched on.

    Attributes:
        name: as the address knows it.
        host: where questions go; "" where they stay on this machine.
    """

    name: str
    host: str = ""

    @property
    def words(self) -> str:
        """What is said while it writes."""
        where = f"，问题遮盖个人信息后发往 {self.host}" if self.host else "，在本机运行"
        return f"语言模型 {self.name}{where}"


def model_of(settings: Settings) -> Model | None:
    """Return the language model of the settings, None where answers only quote."""
    llm = settings.llm
    return Model(llm.model, "" if llm.loopback else llm.host) if llm is not None else None


def render_model(model: Model | None) -> str:
    """Return the line that says, before a question is put, who words the answer and where the question goes."""
    if model is None:
        return ""
    where = (
        f"提问时，问题和所引条文会发往 {escape(model.host)}，其中的手机号、证件号等先行遮盖"
        if model.host
        else "它在本机运行，问题不外传"
    )
    return (
        f'<p class="yj-model" role="note">语言模型 {escape(model.name)} 已打开。{where}。每句话核对通过后才显示。</p>'
    )
