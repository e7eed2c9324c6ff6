package order_test

import (
	"testing"
	"time"

	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
)

func TestNew(t *testing.T) {
	t.Run("ORD-034 the currency is shown from the draft on", func(t *testing.T) {
		if o := draft(t); o.CurrencyCode != "CHF" {
			t.Fatalf("got %q", o.CurrencyCode)
		}
	})
	t.Run("the dates are shown from the draft on", func(t *testing.T) {
		want := order.Preview{Start: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), AcceptBy: time.Date(2026, 11, 29, 23, 59, 59, 0, time.UTC)}
		if o := draft(t); o.Preview != want {
			t.Fatalf("got %+v", o.Preview)
		}
	})
	t.Run("an empty draft is fine, the technical contact is the customer's", func(t *testing.T) {
		o, _, err := order.New("ord_1", "agr_1", catalogue.BillingTransferEssentials, customer(), order.Edit{}, person(), now())
		if err != nil || o.TechnicalContactID != "per_1" || o.PreparedBy != person() {
			t.Fatalf("got %+v %v", o, err)
		}
	})
	t.Run("an unknown product is refused", func(t *testing.T) {
		_, _, err := order.New("ord_1", "agr_1", "nothing", customer(), order.Edit{}, operator(), now())
		refused(t, err, order.ReasonProductUnknown)
	})
}

func TestReviseRefuses(t *testing.T) {
	tests := []struct {
		name, reason string
		edit         order.Edit
	}{
		{"ORD-034 another currency goes through the account manager", order.ReasonCurrencyNotServed, order.Edit{CurrencyCode: ptr("USD")}},
		{"an account id of eleven digits", order.ReasonAccountIDInvalid, order.Edit{ManagementAccountID: ptr("11112222333")}},
		{"a contact of somebody else", order.ReasonContactUnknown, order.Edit{TechnicalContactID: ptr("per_9")}},
		{"a payer chosen by the customer", order.ReasonRoleDenied, order.Edit{PayerID: ptr("pay_1")}},
		{"a template chosen by the customer", order.ReasonRoleDenied, order.Edit{TemplateKey: ptr("spam-used")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := draft(t)
			before := dump(t, o)
			_, err := o.Revise(tt.edit, customer(), person(), now())
			refused(t, err, tt.reason)
			if dump(t, o) != before {
				t.Fatal("the refused edit left a trace")
			}
		})
	}
}

func TestRevise(t *testing.T) {
	o := draft(t)
	if facts := must(t)(o.Revise(order.Edit{}, customer(), person(), now())); facts != nil {
		t.Fatalf("nothing changed, but %v", names(facts))
	}
	facts := must(t)(
		o.Revise(order.Edit{ManagementAccountID: ptr(""), TechnicalContactID: ptr("per_2"), CurrencyCode: ptr("")}, customer(), person(), now()),
	)
	if len(facts) != 1 || o.ManagementAccountID != "" || o.TechnicalContactID != "per_2" || o.CurrencyCode != "CHF" {
		t.Fatalf("got %v %+v", names(facts), o)
	}
	must(t)(o.Revise(order.Edit{PayerID: ptr("pay_1")}, customer(), operator(), now()))
	if o.PayerID != "pay_1" {
		t.Fatalf("got %q", o.PayerID)
	}
}
