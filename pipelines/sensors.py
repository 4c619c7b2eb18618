"""A night out of turn when something new lies in the landing folder; off unless an operator switches it on."""

from __future__ import annotations

import datetime as dt

import dagster as dg

from padan.intake.landing import fingerprint, scan
from pipelines.clock import today
from pipelines.jobs import nightly
from pipelines.resources import home_from_environment, landing_from_environment


@dg.sensor(
    job=nightly,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Menjalankan malam bila ada kiriman baru yang sudah diam (atau bermanifes). Bawaan: mati.",
)
def landing_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One run for each new state of the landing folder."""
    as_of = today()
    found = scan(landing_from_environment(home_from_environment()), as_of)
    state = fingerprint(found)
    if state == context.cursor:
        return dg.SkipReason("tidak ada kiriman baru")
    if not all(delivery.settled(dt.datetime.now(dt.UTC)) for delivery in found.deliveries):
        return dg.SkipReason("ada kiriman tanpa manifes yang berkasnya masih berubah")
    context.update_cursor(state)
    return dg.RunRequest(
        run_key=f"{as_of}-{state}",
        run_config={"resources": {"night": {"config": {"as_of": as_of.isoformat()}}}},
        tags={"padan/as_of": as_of.isoformat(), "padan/trigger": "landing"},
    )
