"""The real vLLM, started once for all tests that ask it."""

import re
from pathlib import Path

import httpx
from openai import OpenAI

from server.llm.supervisor import Supervisor


class RunningVllm:
    """The server: its supervisor and what can be asked of it."""

    def __init__(self, supervisor: Supervisor, port: int, log: Path) -> None:
        self.supervisor = supervisor
        self.log = log
        self.base_url = f"http://127.0.0.1:{port}/v1"
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False)
        self.openai = OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0, timeout=120)

    def ask(self, text: str, tokens: int = 32) -> str:
        """What the model writes, streamed; the last event says why it ended."""
        chunks = list(
            self.openai.chat.completions.create(
                model="smollm2",
                messages=[{"role": "system", "content": "You answer from the shop's rules."}, {"role": "user", "content": text}],
                max_tokens=tokens,
                temperature=0,
                stream=True,
            )
        )
        assert len(chunks) > 3, "it came in one piece"
        assert chunks[-1].choices[0].finish_reason in ("stop", "length")
        return "".join(chunk.choices[0].delta.content or "" for chunk in chunks)

    def metric(self, name: str) -> float:
        """The present value of one of its metrics."""
        found = re.search(rf"^{re.escape(name)}{{[^}}]*}} (\S+)$", self.http.get("/metrics").text, re.M)
        assert found, f"vLLM has no metric {name}"
        return float(found[1])
