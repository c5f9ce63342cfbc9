"""Documents into the index: mirrors corpus/, or adds the files that are named."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.console import DONE, FAILED, NEGATIVE, print_json, progress_bar, run
from assistant.settings import load_settings

_EXAMPLE = """例子：
  python ingest.py
  python ingest.py 新文件.docx
  python ingest.py --remove x-0123456789ab
  python ingest.py 法规/ --texts 待算.jsonl.gz
  python ingest.py 法规/ --vectors 向量.npz
"""


def _main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="ingest.py",
        description="把文件收进索引。不写文件时与 corpus 文件夹保持一致；写了文件则只增加或替换它们。",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="文件", help="要收录的文件或文件夹")
    parser.add_argument("--manifest", type=Path, metavar="文件", help="这些文件的元数据表（manifest.toml）")
    parser.add_argument("--remove", action="append", default=[], metavar="编号", help="移除一份文件，可重复")
    parser.add_argument("--texts", type=Path, metavar="文件", help="只列出还没有向量的文字（.jsonl.gz），不收录")
    parser.add_argument("--vectors", nargs="+", default=[], type=Path, metavar="文件", help="在别处算好的向量（.npz）")
    parser.add_argument("--index", type=Path, metavar="文件夹", help="索引所在，默认 .yiju/index")
    parser.add_argument("--json", action="store_true", help="输出一份 JSON")
    options = parser.parse_args(arguments)
    if options.remove and (options.paths or options.manifest or options.texts or options.vectors):
        parser.error("--remove 要单独用")
    if options.texts and options.vectors:
        parser.error("--texts 和 --vectors 不能同时用")
    if options.manifest and not options.paths:
        parser.error("--manifest 要和文件一起用")

    from assistant.building import add_files, build_index, list_texts, remove_from_index
    from assistant.reports import ingest_json, ingest_lines, texts_json, texts_lines

    settings = load_settings(index=options.index)
    if options.texts:
        with progress_bar(quiet=options.json) as progress:
            count, refused = list_texts(settings, options.paths, options.manifest, options.texts, progress)
        if options.json:
            print_json(texts_json(count, options.texts, refused))
        else:
            print("\n".join(texts_lines(count, options.texts, refused)))
        return NEGATIVE if refused else DONE
    with progress_bar(quiet=options.json) as progress:
        if options.remove:
            report = remove_from_index(settings, options.remove)
        elif options.paths:
            report = add_files(settings, options.paths, options.manifest, progress, options.vectors)
        else:
            report = build_index(settings, progress, options.vectors)
    if options.json:
        print_json(ingest_json(report))
    else:
        print("\n".join(ingest_lines(report)))
    if not report.refused:
        return DONE
    nothing_done = not (report.added or report.replaced or report.unchanged or report.removed)
    return FAILED if nothing_done else NEGATIVE


if __name__ == "__main__":
    sys.exit(run(_main))
