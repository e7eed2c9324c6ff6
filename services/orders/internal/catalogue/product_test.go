package catalogue_test

import (
	"slices"
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/catalogue"
)

func TestProducts(t *testing.T) {
	t.Run("ORD-001 one product is on offer", func(t *testing.T) {
		offered := catalogue.Offered(nil, now)
		if len(offered) != 1 || offered[0].ID != catalogue.BillingTransferEssentials {
			t.Fatalf("got %+v", offered)
		}
	})
	t.Run("ORD-023 it has both terms, with versions", func(t *testing.T) {
		var kinds []catalogue.TermKind
		for _, term := range catalogue.Offered(nil, now)[0].Terms {
			if term.Version == "" || term.URI == "" {
				t.Errorf("term %s is not filled in", term.Kind)
			}
			kinds = append(kinds, term.Kind)
		}
		if !slices.Equal(kinds, []catalogue.TermKind{catalogue.MarketplaceTerms, catalogue.ServicesTerms}) {
			t.Fatalf("got %v", kinds)
		}
	})
	t.Run("ORD-033 there are two support options", func(t *testing.T) {
		if got := catalogue.Offered(nil, now)[0].SupportOptions; len(got) != 2 {
			t.Fatalf("got %v", got)
		}
	})
	t.Run("an unknown product is refused", func(t *testing.T) {
		if _, err := catalogue.Find("nothing"); errs.ReasonOf(err) != catalogue.ReasonProductUnknown {
			t.Fatalf("got %v", err)
		}
	})
}

func TestValidAccountID(t *testing.T) {
	for id, want := range map[string]bool{
		"111122223333": true, "000000000000": true, "": false, "11112222333": false, "1111222233334": false,
		"11112222333a": false, "1111 2222 33": false, "１１１１": false,
	} {
		if got := catalogue.ValidAccountID(id); got != want {
			t.Errorf("%q: got %v", id, got)
		}
	}
}
