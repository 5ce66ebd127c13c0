"""Page numbers as people write them."""

from collections.abc import Sequence

MOST_STRETCHES = 12


def name_pages(numbers: Sequence[int]) -> str:
    """Ascending ``numbers`` as words: ``page 7``, ``pages 2, 4-9 and 12``. After a dozen stretches the rest is counted."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    names = [_stretch(stretch) for stretch in stretches[:MOST_STRETCHES]]
    left = sum(map(len, stretches[MOST_STRETCHES:]))
    if left:
        names.append(f"{left:,} more")
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{'page' if len(numbers) == 1 else 'pages'} {listed}"


def _stretch(stretch: Sequence[int]) -> str:
    return str(stretch[0]) if len(stretch) == 1 else f"{stretch[0]}-{stretch[-1]}"
