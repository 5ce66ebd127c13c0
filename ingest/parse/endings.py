"""What file names tell: which endings are documents of which format, which are none."""

FORMATS = {
    ".csv": "CSV",
    ".tsv": "CSV",
    ".htm": "HTML",
    ".html": "HTML",
    ".xhtml": "HTML",
    ".jsonl": "JSONL",
    ".ndjson": "JSONL",
    ".markdown": "Markdown",
    ".md": "Markdown",
    ".pdf": "PDF",
    ".text": "text",
    ".txt": "text",
    ".xlsx": "XLSX",
}
NO_DOCUMENTS = frozenset(
    ".png .jpg .jpeg .gif .webp .svg .ico .bmp .tif .tiff .heic .avif .mp3 .mp4 .mov .avi .webm .wav .css .js .mjs .map .ts .py .sh "
    ".bat .ps1 .php .rb .woff .woff2 .ttf .otf .eot .lock .log .bak .tmp .swp .db .sqlite .ini .toml .cfg .yaml .yml".split()
)
"""Endings of files that lie beside documents and are none: skipped and counted."""
ARCHIVES = frozenset(".zip .7z .rar .tar .gz .tgz .bz2 .xz .zst .jar".split())
"""Endings of archives. One within a source is refused by name."""
SKIPPED_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx", "node_modules"})
