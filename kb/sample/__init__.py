"""The sample shop "Brightnook": its documents (`brightnook/`), the facts planted in them, and what generates its manuals."""
