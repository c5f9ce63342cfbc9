"""One `Settings`: defaults < yiju.toml in the working directory < environment (YIJU_*). Unknown keys are refused."""

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assistant.errors import SettingsError

TOML_FILE = "yiju.toml"
ENV_PREFIX = "YIJU_"
# Of ours and no setting: where benchmarks keep indexes and vectors (eval/README.md).
OTHER_VARIABLES = frozenset({"YIJU_CACHE"})
# chroma | chroma:http://10.0.0.5:8000 | milvus:https://vectors.example | milvus:data/v.db;
# not milvus | chroma:8000 | chroma:vectors.db | milvus:http://10.0.0.5:19530/db | chroma:ftp://10.0.0.5
_VECTORS = re.compile(r"chroma|(chroma|milvus):https?://[\w.-]+(:(?P<port>\d+))?/?|milvus:(?!\w+://).+\.db")
VECTORS_FORMS = "chroma、chroma:http://主机:端口、milvus:http://主机:端口 或 milvus:文件.db"

# off | builtin | sentence-transformers:models/bge-reranker; not on | sentence-transformers: | bge-reranker
_RERANKER = re.compile(r"off|builtin|sentence-transformers:.+")
RERANKER_FORMS = "off、sentence-transformers:模型文件夹 或 sentence-transformers:模型名称"
# http://127.0.0.1:11434/v1 | https://api.example.cn/v1; not 127.0.0.1:8080 | ftp://host | https://host/v1?key=1
_BASE_URL = re.compile(r"https?://(?P<host>\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:(?P<port>\d+))?(/[\w./~-]*)?")


class LlmSettings(BaseModel):
    """A language model behind an OpenAI-compatible address; the key comes from the environment and from nowhere else.

    Attributes:
        base_url: up to and with the version: http://127.0.0.1:11434/v1.
        model: its name, as the address knows it.
        api_key: YIJU_LLM__API_KEY; in yiju.toml it is refused.
        api_key_env: the name of another environment variable that holds the key.
        timeout_s: seconds an answer may take, retries included.
        retries: how often a request is sent again that failed before anything came back.
        max_tokens: length of what the model may write.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    base_url: str
    model: str = Field(min_length=1, max_length=200)
    api_key: SecretStr | None = None
    api_key_env: str = Field(default="", pattern=r"^[A-Za-z_]?[A-Za-z0-9_]*$")
    timeout_s: float = Field(default=60.0, gt=0, le=600)
    retries: int = Field(default=2, ge=0, le=5)
    max_tokens: int = Field(default=400, ge=20, le=4000)

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if "@" in value or "?" in value:  # do not repeat a password or a key
            raise ValueError("地址里不能写用户名、密码或密钥，请改用环境变量 YIJU_LLM__API_KEY")
        match = _BASE_URL.fullmatch(value)
        if not match or int(match["port"] or 1) > 65535:
            raise ValueError(f"“{value}”不是地址；要写成 http://主机:端口/v1 或 https://主机/v1")
        return value.rstrip("/")

    @property
    def host(self) -> str:
        """The host of the address, without its port."""
        match = _BASE_URL.fullmatch(self.base_url)
        assert match is not None
        return match["host"].strip("[]")

    @property
    def loopback(self) -> bool:
        """Whether what is sent there stays on this machine; a name other than localhost may be anybody's."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def secret(self) -> str:
        """Return the key, "" where there is none.

        Raises:
            SettingsError: the variable that is named is not set, or the key cannot stand in a request.
        """
        if self.api_key is not None:
            key = self.api_key.get_secret_value().strip()
        elif self.api_key_env:
            key = os.environ.get(self.api_key_env, "").strip()
            if not key:
                raise SettingsError(f"设置 llm.api_key_env 指的环境变量 {self.api_key_env} 没有值")
        else:
            return ""
        if not key.isascii() or not key.isprintable():
            raise SettingsError("语言模型的密钥里有不能用的字符；请检查环境变量")
        return key


class _TomlFile(TomlConfigSettingsSource):
    """Settings of yiju.toml: a file that is copied and committed holds no key."""

    def __call__(self) -> dict[str, Any]:
        values = super().__call__()
        llm = values.get("llm")
        if isinstance(llm, dict) and "api_key" in llm:
            raise SettingsError(f"密钥不能写在 {TOML_FILE} 里，请改用环境变量 YIJU_LLM__API_KEY")
        return values


class Settings(BaseSettings):
    """What a deployment can choose.

    Attributes:
        index: folder of the index.
        corpus: folder mirrored by `ingest.py` without arguments; holds manifest.toml and known.toml.
        embedder: "builtin" (the shipped ONNX model) or "sentence-transformers:PATH-or-name" (needs the extra
            `[models]`): a model's folder, or its name in the local Hugging Face cache; nothing is downloaded.
        reranker: what reads the first hits again: "off", "sentence-transformers:PATH-or-name" (a cross-encoder, as
            `embedder`), or "builtin" (a shipped ONNX model; this release ships none).
        vectors: where article vectors live: "chroma" (in the index's folder), "chroma:http://HOST:PORT" (a Chroma
            server), "milvus:http://HOST:PORT" or "milvus:FILE.db" (milvus-lite; Milvus needs the extra `[milvus]`).
        vectors_token: what the server of `vectors` asks for, if anything; for Milvus "user:password" or a token.
        host, port: where the page listens.
        login: "user:password"; required before the page listens on anything but loopback.
        max_upload_mb: larger uploads are refused.
        audit: the SQLite file that answers and checks are recorded in; None: nothing is recorded.
        feedback: the file that 👍 and 👎 are kept in, on this machine; made by the first vote.
        contacts: the hotline's own list of departments by place and topic; an absent file is an empty list.
        llm: the language model that words the answers; None: answers quote, and nothing is asked of any model.
    """

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        toml_file=TOML_FILE,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    index: Path = Path(".yiju/index")
    corpus: Path = Path("corpus")
    embedder: str = Field(default="builtin", pattern=r"^(builtin|sentence-transformers:.+)$")
    reranker: str = "off"
    vectors: str = "chroma"
    vectors_token: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    login: SecretStr | None = None
    max_upload_mb: int = Field(default=50, ge=1, le=2048)
    audit: Path | None = None
    feedback: Path = Path(".yiju/feedback.jsonl")
    contacts: Path = Path("contacts.toml")
    llm: LlmSettings | None = None

    @field_validator("reranker")
    @classmethod
    def _is_a_reranker(cls, value: str) -> str:
        if not _RERANKER.fullmatch(value):
            raise ValueError(f"“{value}”不是重排模型；可以写 {RERANKER_FORMS}")
        return value

    @field_validator("vectors")
    @classmethod
    def _is_a_store(cls, value: str) -> str:
        if "@" in value:  # do not repeat a password
            raise ValueError("地址里不能写用户名和密码，请改用环境变量 YIJU_VECTORS_TOKEN")
        match = _VECTORS.fullmatch(value)
        if not match or int(match["port"] or 1) > 65535:
            raise ValueError(f"“{value}”不是向量库；可以写 {VECTORS_FORMS}")
        return value.rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, the strongest first: arguments, environment, yiju.toml."""
        return init_settings, env_settings, _TomlFile(settings_cls)


def load_settings(**overrides: Any) -> Settings:
    """Return the settings of this process; `overrides` that are None are ignored.

    Raises:
        SettingsError: for an unknown key or a value out of range, naming it and the valid ones.
    """
    known = ", ".join(sorted(Settings.model_fields))
    for name in os.environ.keys() - OTHER_VARIABLES:
        field = name.removeprefix(ENV_PREFIX).lower().partition("__")[0]
        if name.startswith(ENV_PREFIX) and field not in Settings.model_fields:
            raise SettingsError(f"环境变量 {name} 不是本系统的设置；可用的设置：{known}")
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise SettingsError(f"设置 {name} 不存在；可用的设置：{known}（检查 {TOML_FILE}）") from error
        if first["type"] == "missing":
            raise SettingsError(f"缺少设置 {name}（检查 {TOML_FILE} 和 {ENV_PREFIX}* 环境变量）") from error
        reason = first["ctx"]["error"] if first["type"] == "value_error" else first["msg"]  # ours, or pydantic's
        raise SettingsError(f"设置 {name} 的值无效：{reason}") from error
    except ValueError as error:  # tomllib.TOMLDecodeError
        raise SettingsError(f"{TOML_FILE} 不是有效的 TOML：{error}") from error
