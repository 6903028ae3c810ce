"""Pools by the names that a mesh gives their clusters."""

from __future__ import annotations

import pytest

from extproc.routing.names import pool_host, pool_of


@pytest.mark.parametrize("name", ["gpu-a", "0", "a" * 63])
def test_a_pool_is_found_again_in_the_name_of_its_cluster(name):
    assert pool_of(f"outbound|80||{pool_host(name)}") == name
    assert pool_of(f"outbound|80|v2|{pool_host(name)}") == name


@pytest.mark.parametrize("name", ["", "GPU", "a.b", "-a", "a-", "a_b", "a" * 64])
def test_names_that_no_host_can_have_are_refused(name):
    with pytest.raises(ValueError, match="lower-case"):
        pool_host(name)


@pytest.mark.parametrize("cluster", ["gpu-a", "", "gpu-a.pools.extproc.internal"])
def test_other_clusters_keep_their_names(cluster):
    assert pool_of(cluster) == cluster


def test_other_services_of_the_mesh_are_no_pools():
    assert pool_of("outbound|80||orders.shop.svc.cluster.local") == "orders.shop.svc.cluster.local"
