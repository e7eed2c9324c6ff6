package kit_test

import (
	"net/http"
	"testing"
)

func TestAProcessIsMeasured(t *testing.T) {
	c := observed(t, "")
	start(t, c, page(nothing))
	for _, line := range []string{
		"handover_ready{", "handover_build_info{", "handover_disk_left_bytes{",
		`service="orders",state="due"} 0`, `service="orders",state="parked"} 0`, `service="orders",state="dead_letter"} 0`,
		"handover_oldest_due_seconds{", "handover_oldest_unpublished_seconds{",
		"handover_database_connections{",
	} {
		answers(t, c.Platform.Admin, "/metrics", http.StatusOK, line)
	}
}
