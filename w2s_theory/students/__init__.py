"""Students: learning rules applied to a teacher's labels, at infinite and at finite width."""
