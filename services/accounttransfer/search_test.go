package accounttransfer_test

import (
	"context"
	"slices"
	"testing"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer"
)

// finds are the ids of what a caller finds by something.
func (a *alone) finds(t *testing.T, caller context.Context, by typev1.MatchedBy, value string) (ids []string) {
	t.Helper()
	resp, err := opsv1.NewOperationsServiceClient(a.Conn()).Search(caller, &opsv1.SearchRequest{
		Service: "accounttransfer", Tokens: []*opsv1.SearchToken{{By: by, Value: value}},
	})
	if err != nil {
		t.Fatalf("search by %s: %v", by, err)
	}
	for _, hit := range resp.GetHits() {
		ids = append(ids, hit.GetResourceId())
	}
	return ids
}

// TestSearch: transfers, connections and consents are found by every account that they have, a consent by the address of who signs as
// long as that is kept, and payers by the reseller's people alone.
func TestSearch(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	const (
		byAccount = typev1.MatchedBy_MATCHED_BY_ACCOUNT_ID
		byMail    = typev1.MatchedBy_MATCHED_BY_MAIL_ADDRESS
		byID      = typev1.MatchedBy_MATCHED_BY_ID
	)
	p := a.payer(t)
	tr, err := a.transfer(t, p, "123456789012", func(r *accounttransferv1.CreateTransferRequest) {
		r.TemplateKey, r.PublicSector, r.LinkedAccountIds = "spam-used", true, []string{"210987654321"}
	})
	if err != nil {
		t.Fatal(err)
	}
	owner, stranger := a.As(t, kittest.Customer("customer-1", tr.GetCustomerId())), a.As(t, kittest.Customer("customer-2", id.New("cus")))
	consents := accounttransferv1.NewConsentServiceClient(a.Conn())
	named, err := consents.SetSignatory(a.operator(t), &accounttransferv1.SetSignatoryRequest{
		ConsentId: tr.GetConsentId(), Side: accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNEE,
		Signatory: &accounttransferv1.Signatory{GivenName: "Kim", FamilyName: "Example", Email: "Kim@Example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	kim := named.GetConsent().GetAssignee().GetSignatoryId()
	whole := []string{tr.GetTransferId(), tr.GetConnectionId(), tr.GetConsentId()}
	for _, tt := range []struct {
		by    typev1.MatchedBy
		value string
		want  []string
		inner []string // besides, for the reseller's people
	}{
		{by: byAccount, value: "123456789012", want: whole},
		{by: byAccount, value: "210987654321", want: whole[:2]},
		{by: byAccount, value: p.GetAccountId(), inner: []string{p.GetPayerId()}},
		{by: byMail, value: "kim@example.com", want: whole[2:]},
		{by: byID, value: kim, want: whole[2:]},
		{by: byID, value: tr.GetTransferId(), want: whole[:1]},
		{by: byID, value: p.GetPayerId(), inner: []string{p.GetPayerId()}},
	} {
		if got := a.finds(t, a.operator(t), tt.by, tt.value); !slices.Equal(got, slices.Concat(tt.want, tt.inner)) {
			t.Errorf("an operator finds %v by %s, want %v and %v", got, tt.value, tt.want, tt.inner)
		}
		if got := a.finds(t, owner, tt.by, tt.value); !slices.Equal(got, tt.want) {
			t.Errorf("the customer finds %v by %s, want %v", got, tt.value, tt.want)
		}
		if got := a.finds(t, stranger, tt.by, tt.value); len(got) != 0 {
			t.Errorf("a stranger finds %v by %s", got, tt.value)
		}
	}
}

// TestPlansOfSearch: whatever is searched for, the rows are read by an index.
func TestPlansOfSearch(t *testing.T) {
	t.Parallel()
	var env *kit.Env
	service := accounttransfer.Service().Around(func(_ context.Context, e *kit.Env, setUp func() error) error {
		env = e
		return setUp()
	})
	kittest.Start(t, kittest.Options{Config: nobody}, service)
	kittest.SearchesByIndex(t, env, 17)
}
