package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"example.com/handover/services/gateway"
)

func TestOperationsGoToTheServiceNamed(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{}) + "/v1/services/"
	for service, kind := range map[string]string{"orders": "order", "accounttransfer": "transfer"} {
		if a := send(t, "GET", url+service+"/parked", ""); a.StatusCode != http.StatusOK || !strings.Contains(a.body, `"kind":"`+kind+`"`) {
			t.Errorf("%s: %d %s", service, a.StatusCode, a.body)
		}
	}
	wantProblem(t, send(t, "GET", url+"sandbox/parked", ""), http.StatusNotFound, "SERVICE_UNKNOWN")
}
