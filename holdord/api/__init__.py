"""The surface for programs: a shop that tells of its orders, a planner that fills pools, whoever reads promises."""
