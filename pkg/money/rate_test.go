package money_test

import (
	"encoding/json"
	"strings"
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/money"
)

// A rate in a document is text: a JSON number would be a float to most readers.
func TestRatesInDocuments(t *testing.T) {
	type document struct {
		Rate money.Rate `json:"rate"`
	}
	for _, text := range []string{"0", "0.07", "-0.5", "1.2500", "0.00000000000000000000000000000000000001"} {
		var d document
		if err := json.Unmarshal([]byte(`{"rate":"`+text+`"}`), &d); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if back, err := json.Marshal(d); err != nil || string(back) != `{"rate":"`+text+`"}` {
			t.Errorf("%s became %s, %v", text, back, err)
		}
	}
	for _, body := range []string{
		`{"rate":0.07}`, `{"rate":"1e2"}`, `{"rate":""}`, `{"rate":".5"}`, `{"rate":"1."}`, `{"rate":"+1"}`, `{"rate":"NaN"}`,
		`{"rate":"1,5"}`, `{"rate":" 1"}`, `{"rate":"` + strings.Repeat("1", 39) + `"}`,
	} {
		d := document{Rate: rate(t, "3")}
		if err := json.Unmarshal([]byte(body), &d); err == nil {
			t.Errorf("%s is read as %s", body, d.Rate)
		}
		if d.Rate.String() != "3" {
			t.Errorf("%s was refused and left %s", body, d.Rate)
		}
	}
}

func rate(t *testing.T, text string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestZeroNeedsACurrency(t *testing.T) {
	for _, currency := range []string{"", "eur", "EURO", "E1R"} {
		if _, err := money.Zero(currency); errs.ReasonOf(err) != "CURRENCY_INVALID" {
			t.Errorf("%q: %v", currency, err)
		}
	}
}
