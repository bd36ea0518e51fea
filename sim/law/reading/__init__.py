"""Files of the law into instruments, agreements and schedules."""
