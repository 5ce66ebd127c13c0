"""What file names tell: which endings are documents of which format, which are none."""

FORMATS = {
    ".csv": "CSV",
    ".docx": "DOCX",
    ".eml": "e-mail",
    ".htm": "HTML",
    ".html": "HTML",
    ".jsonl": "JSONL",
    ".markdown": "Markdown",
    ".md": "Markdown",
    ".ndjson": "JSONL",
    ".pdf": "PDF",
    ".pptx": "PPTX",
    ".text": "text",
    ".tsv": "CSV",
    ".txt": "text",
    ".xhtml": "HTML",
    ".xlsx": "XLSX",
}
KINDS = "PDF, DOCX, PPTX, HTML, Markdown, text, CSV, XLSX, JSONL or an .eml message"
"""The formats that are read, in words."""
NO_DOCUMENTS = frozenset(
    ".png .jpg .jpeg .gif .webp .svg .ico .bmp .tif .tiff .heic .avif .psd .mp3 .m4a .ogg .flac .wav .mp4 .m4v .mov .avi .mkv .webm .wmv "
    ".css .js .mjs .map .ts .py .sh .bat .ps1 .php .rb .exe .dll .msi .dmg .iso .apk .woff .woff2 .ttf .otf .eot "
    ".lock .log .bak .tmp .swp .db .sqlite .ini .toml .cfg .yaml .yml".split()
)
"""Endings of files that lie beside documents and are none: skipped, and named in the report."""
ARCHIVES = frozenset(".zip .7z .rar .tar .gz .tgz .bz2 .xz .zst .jar".split())
"""Endings of archives. One within a source is refused by name."""
SKIPPED_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx", "node_modules"})
SAVE_AS = {
    ".doc": "save it as DOCX",
    ".docm": "it may hold macros, which are programs; save it as DOCX",
    ".dotx": "it is a template; save it as DOCX",
    ".mbox": "it is a mailbox; save the messages that matter as .eml files",
    ".msg": "save the message as an .eml file",
    ".odp": "save it as PPTX",
    ".ods": "save it as XLSX",
    ".odt": "save it as DOCX",
    ".potx": "it is a template; save it as PPTX",
    ".ppsx": "save it as PPTX",
    ".ppt": "save it as PPTX",
    ".pptm": "it may hold macros, which are programs; save it as PPTX",
    ".rtf": "save it as DOCX",
    ".wps": "save it as DOCX",
    ".xls": "save it as XLSX",
    ".xlsb": "save it as XLSX",
    ".xlsm": "it may hold macros, which are programs; save it as XLSX",
}
"""What to do with a document of a format that is not read."""


def unsupported(suffix: str) -> str:
    """Why a file with this ending (with its dot, or empty) is not read, and what to do."""
    advice = SAVE_AS.get(suffix.lower(), f"save it as {KINDS}")
    return f"unsupported: {suffix or 'a file without an ending'}; {advice}"
