package aws_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

func (r *rig) inbound(change func(*orgs.ListInboundResponsibilityTransfersInput)) ([]types.ResponsibilityTransfer, *string, error) {
	in := &orgs.ListInboundResponsibilityTransfersInput{Type: types.ResponsibilityTransferTypeBilling}
	change(in)
	out, err := r.organizations(payer).ListInboundResponsibilityTransfers(r.t.Context(), in)
	if err != nil {
		return nil, nil, err
	}
	return out.ResponsibilityTransfers, out.NextToken, nil
}

func TestInboundTransfersPageByPage(t *testing.T) {
	r := newRig(t)
	var want []string
	for i := range 45 {
		if i%10 == 0 { // several in one instant, several instants
			r.at(now.Add(time.Duration(i) * time.Second))
		}
		_, id := r.invite(r.customer())
		want = append(want, id)
	}
	for _, size := range []*int32{nil, aws.Int32(1), aws.Int32(7), aws.Int32(20)} {
		var got []string
		var token *string
		for {
			page, next, err := r.inbound(func(in *orgs.ListInboundResponsibilityTransfersInput) { in.MaxResults, in.NextToken = size, token })
			if err != nil {
				t.Fatal(err)
			}
			if len(page) > int(aws.ToInt32(size)) && size != nil || len(page) > 20 {
				t.Fatalf("a page of %d", len(page))
			}
			for _, transfer := range page {
				got = append(got, *transfer.Id)
			}
			if token = next; token == nil {
				break
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("pages of %v gave %d transfers", size, len(got))
		}
	}
}

func TestListsRefuseWrongInput(t *testing.T) {
	r := newRig(t)
	for range 3 {
		r.invite(r.customer())
	}
	type input = orgs.ListInboundResponsibilityTransfersInput
	_, token, err := r.inbound(func(in *input) { in.MaxResults = aws.Int32(1) })
	if err != nil || token == nil {
		t.Fatalf("no token, %v", err)
	}
	for name, c := range map[string]struct {
		change func(*input)
		want   check
	}{
		"zero":          {func(in *input) { in.MaxResults = aws.Int32(0) }, invalid("MIN_VALUE_EXCEEDED")},
		"twenty-one":    {func(in *input) { in.MaxResults = aws.Int32(21) }, invalid("MAX_VALUE_EXCEEDED")},
		"no token":      {func(in *input) { in.NextToken = aws.String("x") }, invalid(types.InvalidInputExceptionReasonInvalidPaginationToken)},
		"id pattern":    {func(in *input) { in.Id = aws.String("x") }, invalid("INVALID_PATTERN")},
		"id of nobody":  {func(in *input) { in.Id = aws.String("rt-12345678") }, is[*types.ResponsibilityTransferNotFoundException]},
		"type of taxes": {func(in *input) { in.Type = "TAXES" }, invalid("UNSUPPORTED_ACTION_IN_RESPONSIBILITY_TRANSFER")},
	} {
		_, _, err := r.inbound(c.change)
		if err == nil || !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = r.organizations(payer).ListHandshakesForOrganization(t.Context(), &orgs.ListHandshakesForOrganizationInput{NextToken: token})
	refused(t, err, invalid(types.InvalidInputExceptionReasonInvalidPaginationToken)) // of another list
	_, err = r.organizations(r.customer()).ListInboundResponsibilityTransfers(t.Context(), &input{Type: "BILLING", NextToken: token})
	refused(t, err, invalid(types.InvalidInputExceptionReasonInvalidPaginationToken)) // of another caller
}

func TestInboundTransfersById(t *testing.T) {
	r := newRig(t)
	r.invite(r.customer())
	_, id := r.invite(r.customer())
	got, _, err := r.inbound(func(in *orgs.ListInboundResponsibilityTransfersInput) { in.Id = &id })
	if err != nil || len(got) != 1 || *got[0].Id != id {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestHandshakesWithTheSDKsPaginators(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	for range 25 {
		r.invite(r.customer())
	}
	r.invite(customer)
	sent := 0
	pages := orgs.NewListHandshakesForOrganizationPaginator(r.organizations(payer), &orgs.ListHandshakesForOrganizationInput{
		Filter: &types.HandshakeFilter{ActionType: types.ActionTypeTransferResponsibility},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sent += len(page.Handshakes)
	}
	if sent != 26 {
		t.Errorf("the payer sent %d", sent)
	}
	received, err := r.organizations(customer).ListHandshakesForAccount(t.Context(), &orgs.ListHandshakesForAccountInput{})
	if err != nil || len(received.Handshakes) != 1 {
		t.Errorf("the customer received %+v, %v", received, err)
	}
	none, err := r.organizations(payer).ListHandshakesForOrganization(t.Context(), &orgs.ListHandshakesForOrganizationInput{
		Filter: &types.HandshakeFilter{ActionType: types.ActionTypeInviteAccountToOrganization},
	})
	if err != nil || len(none.Handshakes) != 0 {
		t.Errorf("invitations to join: %+v, %v", none, err)
	}
	_, err = r.organizations(payer).ListHandshakesForOrganization(t.Context(), &orgs.ListHandshakesForOrganizationInput{
		Filter: &types.HandshakeFilter{ActionType: types.ActionTypeInviteAccountToOrganization, ParentHandshakeId: aws.String("h-12345678")},
	})
	refused(t, err, invalid("MAX_LIMIT_EXCEEDED_FILTER"))
	_, err = r.organizations(customer).ListHandshakesForOrganization(t.Context(), &orgs.ListHandshakesForOrganizationInput{
		Filter: &types.HandshakeFilter{ActionType: "HUG"},
	})
	refused(t, err, invalid("INVALID_ENUM"))
}
