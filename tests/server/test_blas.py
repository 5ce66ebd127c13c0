from threadpoolctl import threadpool_info

from server.blas import single_threaded_products


def _threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_products_stay_on_their_thread_while_a_server_runs_and_no_longer() -> None:
    before = _threads()
    with single_threaded_products():
        assert _threads() == {1}
    assert _threads() == before
