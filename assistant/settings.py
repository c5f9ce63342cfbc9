"""One `Settings`: defaults < yiju.toml in the working directory < environment (YIJU_*). Unknown keys are refused."""

import os
import re
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
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
    """

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, extra="forbid", frozen=True, toml_file=TOML_FILE, env_ignore_empty=True
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
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: Any) -> Settings:
    """Return the settings of this process; `overrides` that are None are ignored.

    Raises:
        SettingsError: for an unknown key or a value out of range, naming it and the valid ones.
    """
    known = ", ".join(sorted(Settings.model_fields))
    for name in os.environ.keys() - OTHER_VARIABLES:
        if name.startswith(ENV_PREFIX) and name.removeprefix(ENV_PREFIX).lower() not in Settings.model_fields:
            raise SettingsError(f"环境变量 {name} 不是本系统的设置；可用的设置：{known}")
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise SettingsError(f"设置 {name} 不存在；可用的设置：{known}（检查 {TOML_FILE}）") from error
        reason = first["ctx"]["error"] if first["type"] == "value_error" else first["msg"]  # ours, or pydantic's
        raise SettingsError(f"设置 {name} 的值无效：{reason}") from error
    except ValueError as error:  # tomllib.TOMLDecodeError
        raise SettingsError(f"{TOML_FILE} 不是有效的 TOML：{error}") from error
