package gateway_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"example.com/handover/pkg/errs"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/gateway"
)

// TestMasksAreSpelledAsJSON reads the mask of a query, and the one that the fields of the body make.
func TestMasksAreSpelledAsJSON(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{}) + "/v1/orders/" + orderID
	patch := func(query string) answer {
		return send(t, "PATCH", url+query, `{"currencyCode":"EUR","declared":{"privatePricing":true}}`, "Idempotency-Key", "k")
	}
	for query, want := range map[string][]string{
		"":                         {"currency_code", "declared.private_pricing"},
		"?updateMask=currencyCode": {"currency_code"},
		"?updateMask=declared.privatePricing,currencyCode": {"declared.private_pricing", "currency_code"},
	} {
		if a := patch(query); a.StatusCode != http.StatusOK {
			t.Errorf("%q: %d %s", query, a.StatusCode, a.body)
			continue
		}
		_, request := o.seen()
		r, _ := request.(*ordersv1.UpdateOrderRequest)
		got := slices.Sorted(slices.Values(r.GetUpdateMask().GetPaths()))
		if slices.Sort(want); !slices.Equal(got, want) || r.GetOrderId() != orderID {
			t.Errorf("%q: the mask of %s is %v, want %v", query, r.GetOrderId(), got, want)
		}
	}
	p := wantProblem(t, patch("?updateMask=currency_code"), http.StatusBadRequest, "FIELD_UNKNOWN")
	if field := violated(t, p); field != "updateMask" {
		t.Errorf("the violation names %s", field)
	}
	wantProblem(t, patch("?update_mask=currencyCode"), http.StatusBadRequest, "FIELD_UNKNOWN")
}

// TestViolationsAreSpelledAsJSON changes no key that the caller chose.
func TestViolationsAreSpelledAsJSON(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{}) + "/v1/orders/" + orderID + ":fail"
	for path, want := range map[string]string{
		"order.management_account_id": "order.managementAccountId",
		"lines[1].unit_price":         "lines[1].unitPrice",
		`labels["cost_centre"]`:       `labels["cost_centre"]`,
		"etag":                        "etag",
	} {
		o.refusal = errs.InvalidField(path, "FIELD_REQUIRED", "it is empty")
		p := wantProblem(t, send(t, "POST", url, `{}`, "Idempotency-Key", "k"), http.StatusBadRequest, "FIELD_REQUIRED")
		if field := violated(t, p); field != want {
			t.Errorf("%s is shown as %s, want %s", path, field, want)
		}
	}
}

func violated(t *testing.T, problem map[string]any) string {
	t.Helper()
	violations, _ := problem["violations"].([]any)
	if len(violations) != 1 {
		t.Fatalf("violations %v", problem["violations"])
	}
	one, _ := violations[0].(map[string]any)
	field, _ := one["field"].(string)
	return field
}

// TestEnumValuesAreSpelledInFull holds the spelling in both directions, and in the contract itself.
func TestEnumValuesAreSpelledInFull(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{}) + "/v1/orders"
	create := func(option string) answer {
		return send(t, "POST", url, `{"accountOption":"`+option+`"}`, "Idempotency-Key", "k")
	}
	if a := create("ACCOUNT_OPTION_CREATE_NEW"); a.StatusCode != http.StatusOK || !strings.Contains(a.body, `"ORDER_STATE_`) {
		t.Errorf("in full: %d %s", a.StatusCode, a.body)
	}
	wantProblem(t, create("CREATE_NEW"), http.StatusBadRequest, "JSON_INVALID")
	wantProblem(t, send(t, "GET", url+"?states=DRAFT", ""), http.StatusBadRequest, "JSON_INVALID")
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		for i := range f.Enums().Len() {
			if e := f.Enums().Get(i); strings.HasPrefix(string(e.FullName()), "handover.") {
				prefixed(t, e)
			}
		}
		return true
	})
}

func prefixed(t *testing.T, e protoreflect.EnumDescriptor) {
	t.Helper()
	prefix, _ := strings.CutSuffix(string(e.Values().ByNumber(0).Name()), "UNSPECIFIED")
	for i := range e.Values().Len() {
		if name := string(e.Values().Get(i).Name()); !strings.HasPrefix(name, prefix) {
			t.Errorf("%s: %s lacks the prefix %s", e.FullName(), name, prefix)
		}
	}
}
