"""The control of all journeys: a page that is wrong on purpose is complained about."""

import pytest

WRONG = {
    "image-alt": "<img src='/static/gebyar/favicon.svg'>",
    "wider than the window": "<table><tr><td>" + "x" * 400,
    "Content Security Policy": "<p style='color: red'>Gaya di dalam halaman</p>",
}


@pytest.mark.parametrize("complaint", WRONG)
def test_reader_complains_about_a_page_that_is_wrong(visit, complaint):
    reader = visit()
    reader.open("/about/")
    reader.page.evaluate(
        "(html) => document.querySelector('#content').insertAdjacentHTML('beforeend', html)", WRONG[complaint]
    )
    reader.look("wrong")
    assert [said for said in reader.complaints if complaint in said]
    reader.complaints.clear()
