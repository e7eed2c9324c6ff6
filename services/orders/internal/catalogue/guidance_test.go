package catalogue_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/guidance"
	"example.com/handover/services/orders/internal/catalogue"
)

func TestSetPage(t *testing.T) {
	for _, tt := range []struct {
		name   string
		turn   func(*guidance.Page)
		reason string
	}{
		{"a page of a step", func(*guidance.Page) {}, ""},
		{"a page of a product", func(p *guidance.Page) { p.StepKey, p.ProductID = "", catalogue.BillingTransferEssentials }, ""},
		{"a page of a mail alone", func(p *guidance.Page) { p.StepKey, p.MailKeys = "", []string{"deploy-roles"} }, ""},
		{"until a day", func(p *guidance.Page) { p.From, p.Until = now, now.Add(time.Hour) }, ""},
		{"no reason", func(p *guidance.Page) { p.Reason = "" }, catalogue.ReasonFieldRequired},
		{"nowhere", func(p *guidance.Page) { p.StepKey = "" }, catalogue.ReasonFieldRequired},
		{
			"a step of a product", func(p *guidance.Page) { p.ProductID = catalogue.BillingTransferEssentials },
			catalogue.ReasonFieldRequired,
		},
		{"a product that is none", func(p *guidance.Page) { p.StepKey, p.ProductID = "", "nothing" }, catalogue.ReasonProductUnknown},
		{"an end at the beginning", func(p *guidance.Page) { p.From, p.Until = now, now }, catalogue.ReasonValidityEmpty},
		{
			"one language twice", func(p *guidance.Page) { p.Texts = append(p.Texts, guidance.Text{Language: "DE-ch"}) },
			catalogue.ReasonLanguageTwice,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			next := guidance.Page{Key: "k", StepKey: "s", Reason: "New.", Texts: []guidance.Text{{Language: "en"}, {Language: "de-CH"}}}
			tt.turn(&next)
			kept := guidance.Page{Key: "k", StepKey: "before"}
			facts, err := catalogue.SetPage(&kept, next)
			if got := errs.ReasonOf(err); got != tt.reason || (kept.StepKey == "before") != (err != nil) || (len(facts) == 1) != (err == nil) {
				t.Fatalf("refused with %q, want %q; kept is %+v, facts %v", got, tt.reason, kept, facts)
			}
		})
	}
	if catalogue.RoomForPage(catalogue.MostPages-1) != nil || errs.ReasonOf(catalogue.RoomForPage(catalogue.MostPages)) !=
		catalogue.ReasonTooManyPages {
		t.Error("the most pages are not kept, or one more is")
	}
}
