"""Vectors computed elsewhere, on a machine with a GPU say: the texts that lack one go out, files of vectors come in.

The texts are lines of JSON, {"hash", "text"}, gzipped. A file of vectors is an .npz with `hashes` (S32, the texts'),
`vectors` (float16, (n, dimension), rows of unit length), `embedder` and `revision` (the name and revision of the
`Embedder` that computed them). It is read piece by piece and trusted for nothing: no pickles, and what is not a vector
of this embedder is refused.
"""

import gzip
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from assistant.errors import VectorFileError
from assistant.indexing.embedder import Embedder

# Vectors read at a time.
ROWS = 4_096
# float16 rounds each of 384 numbers by up to 0.05 %; what is further from unit length was not normalised.
LENGTH_TOLERANCE = 0.01
# Of the two short members; theirs are a few hundred bytes.
MAX_WORD_BYTES = 10_000


def write_texts(path: Path, texts: Iterable[tuple[str, str]]) -> int:
    """Write (content hash, text) as gzipped lines of JSON and return how many; the file appears when it is whole.

    Raises:
        VectorFileError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    count = 0
    try:
        with gzip.open(part, "wt", encoding="utf-8", newline="\n") as file:
            for digest, text in texts:
                file.write(json.dumps({"hash": digest, "text": text}, ensure_ascii=False) + "\n")
                count += 1
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise VectorFileError(f"文件 {path} 无法写入：{error.strerror or error}。请检查路径和磁盘空间") from error
    return count


def load_vectors(path: Path, embedder: Embedder) -> Iterator[tuple[list[str], NDArray[np.float16]]]:
    """Yield the content hashes and vectors of a file, some thousands at a time.

    Raises:
        VectorFileError: it is no such file, or was computed by another embedder than `embedder`.
    """
    try:
        with zipfile.ZipFile(path) as archive, ExitStack() as stack:
            _check_embedder(archive, path, embedder)
            hashes = _Member(stack.enter_context(archive.open("hashes.npy")))
            vectors = _Member(stack.enter_context(archive.open("vectors.npy")))
            if hashes.dtype != np.dtype("S32") or len(hashes.shape) != 1:
                raise _refused(path, f"hashes 应为 S32 的一维数组，实为 {hashes.dtype} {hashes.shape}")
            if vectors.dtype != np.float16 or vectors.shape != (*hashes.shape, embedder.dimension):
                wanted = f"float16 {(*hashes.shape, embedder.dimension)}"
                raise _refused(path, f"vectors 应为 {wanted}，实为 {vectors.dtype} {vectors.shape}")
            for start in range(0, hashes.shape[0], ROWS):
                rows = min(ROWS, hashes.shape[0] - start)
                yield _checked(path, start, hashes.read(rows), vectors.read(rows))
    except KeyError as error:
        raise _refused(path, f"缺少 {error.args[0] if error.args else '数组'}") from error
    except VectorFileError:
        raise
    except Exception as error:
        # A file that was damaged or forged makes zipfile and numpy raise what their parts do: zlib's and tokenize's
        # errors, RuntimeError of a password, MemoryError of a length. Nothing but reading stands in this block.
        reason = " ".join(str(getattr(error, "strerror", None) or error).split())
        raise _refused(path, f"不是完整的 npz 文件（{reason[:120]}）") from error


class _Member:
    """An array in an archive, read row by row."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        self.shape, in_columns, self.dtype = read(file)
        if in_columns and len(self.shape) > 1:
            raise ValueError("Fortran order")
        self._row_bytes = self.dtype.itemsize * int(np.prod(self.shape[1:], dtype=np.int64))

    def read(self, rows: int) -> NDArray[Any]:
        """Return the next rows.

        Raises:
            EOFError: there are fewer.
        """
        data = self._file.read(rows * self._row_bytes)
        if len(data) < rows * self._row_bytes:
            raise EOFError("数据不足")
        return np.frombuffer(data, self.dtype).reshape(rows, *self.shape[1:])


def _check_embedder(archive: zipfile.ZipFile, path: Path, embedder: Embedder) -> None:
    found = []
    for name in ("embedder", "revision"):
        if archive.getinfo(f"{name}.npy").file_size > MAX_WORD_BYTES:
            raise _refused(path, f"{name} 过长")
        with archive.open(f"{name}.npy") as file:
            found.append(str(npy.read_array(file, allow_pickle=False)))
    if found != [embedder.name, embedder.revision]:
        raise VectorFileError(
            f"{path.name} 的向量由 {' '.join(' '.join(found).split())[:120]} 算出，当前设置的向量模型是"
            f" {embedder.name} {embedder.revision}，不能混用。请用同一个模型重算，或改设置 embedder"
        )


def _checked(
    path: Path, start: int, hashes: NDArray[np.bytes_], vectors: NDArray[np.float16]
) -> tuple[list[str], NDArray[np.float16]]:
    lengths = np.linalg.norm(vectors.astype(np.float32), axis=1)
    wrong = np.flatnonzero(~(np.abs(lengths - 1) <= LENGTH_TOLERANCE))  # so that NaN is wrong too
    if len(wrong):
        raise _refused(path, f"第 {start + int(wrong[0]) + 1} 个向量的长度不是 1（或含有无效数值）")
    words = [digest.decode("ascii", "replace") for digest in hashes.tolist()]
    strange = next((row for row, word in enumerate(words) if not _is_hash(word)), None)
    if strange is not None:
        raise _refused(path, f"第 {start + strange + 1} 个 hash 不是 32 位十六进制数")
    return words, vectors


def _is_hash(word: str) -> bool:
    return len(word) == 32 and not word.strip("0123456789abcdef")


def _refused(path: Path, reason: str) -> VectorFileError:
    return VectorFileError(f"{path.name} 不能用作算好的向量：{reason}。请按 README“在别处计算向量”一节重新生成")
