import os
from functools import partial
from pathlib import Path

import pypdf
import pytest

from eval.large_pdf import measure, peak_memory, write_pdf
from kb.encoders.hashing import HashingEncoder


def test_the_pdf_is_one_that_others_read(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", 7)
    reader = pypdf.PdfReader(tmp_path / "a.pdf")
    assert len(reader.pages) == 7 and "Chapter 3" in reader.pages[2].extract_text()


def test_peaks_are_those_of_living_processes() -> None:
    assert peak_memory() == pytest.approx(peak_memory(str(os.getpid())), rel=0.2) and peak_memory() > 10_000_000
    assert peak_memory("999999999") == 0


@pytest.mark.slow
def test_ingest_and_encoder_are_measured_in_processes_of_their_own(tmp_path: Path) -> None:
    report = measure(tmp_path, 12, partial(HashingEncoder, 64))
    assert (report.outcome, report.pages) == ("published", 12) and report.passages > 12
    assert min(report.encoder, report.whole, report.parser) > 20_000_000
