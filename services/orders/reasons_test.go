package orders_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestEveryReasonIsAsserted reads the tests that call the service through its API: a reason of the contract that none of them provokes
// is a promise that nobody has tried.
func TestEveryReasonIsAsserted(t *testing.T) {
	asserted := map[string]bool{}
	word := regexp.MustCompile(`\b[A-Z][A-Z0-9_]+\b`)
	for _, folder := range []string{".", "../../deploy/scenarios"} {
		paths, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no test in %s: %v", folder, err)
		}
		for _, path := range paths {
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
					for _, found := range word.FindAllString(text.Value, -1) {
						asserted[found] = true
					}
				}
				return true
			})
		}
	}
	values := ordersv1.Reason(0).Descriptor().Values()
	for i := 1; i < values.Len(); i++ {
		if reason := strings.TrimPrefix(string(values.Get(i).Name()), "REASON_"); !asserted[reason] && !isDeprecated(values.Get(i)) {
			t.Errorf("no test has a call refused with %s", reason)
		}
	}
}

func isDeprecated(v protoreflect.EnumValueDescriptor) bool {
	o, _ := v.Options().(*descriptorpb.EnumValueOptions)
	return o.GetDeprecated()
}

// TestRarelyRefused provokes the refusals that no other test comes to.
func TestRarelyRefused(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	t.Run("a customer of a seller that is not there", a.sellerUnknown)
	t.Run("an order of a product that is not there", a.productUnknown)
	t.Run("one person more than a customer has", a.tooManyPersons)
	t.Run("two texts of a page in one language", a.languageTwice)
	t.Run("a page that ends before it begins", a.validityEmpty)
	t.Run("one page more than are kept", a.tooManyPages)
	t.Run("a month for accounts that begin when they join", a.startNotChosen)
	t.Run("an exception from a term that is over", a.commitmentOver)
}

// withRemedy fails unless the call is refused so, and somebody is told what to do.
func withRemedy(t *testing.T, err error, code codes.Code, reason, field string) {
	t.Helper()
	isRefused(t, err, code, reason)
	e, _ := errs.As(rpc.FromStatus(err))
	if e == nil || e.Remedy == nil || field != "" && (len(e.Fields) != 1 || e.Fields[0].Path != field) {
		t.Errorf("refused with %+v", e)
	}
}

func (a *alone) sellerUnknown(t *testing.T) {
	_, err := a.customers.CreateCustomer(a.operator(t), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: id.New("sel"), DisplayName: "Example", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{newPerson("Pat", primary)},
	})
	withRemedy(t, err, codes.InvalidArgument, "SELLER_UNKNOWN", "customer.seller_id")
}

func (a *alone) tooManyPersons(t *testing.T) {
	var err error
	for i := 0; err == nil && i < 60; i++ {
		_, err = a.customers.AddPerson(a.operator(t), &ordersv1.AddPersonRequest{
			CustomerId: a.customer, Person: newPerson("Pat"+string(rune('a'+i/10))+string(rune('a'+i%10)), technical),
		})
	}
	withRemedy(t, err, codes.FailedPrecondition, "TOO_MANY_PERSONS", "")
	if n := len(a.people(t)); n != 50 {
		t.Errorf("the customer has %d people", n)
	}
}

// page is a guidance page in these languages.
func page(key string, languages ...string) *ordersv1.SetGuidancePageRequest {
	p := &ordersv1.GuidancePage{MailKeys: []string{"order-completed"}}
	for _, language := range languages {
		p.Texts = append(p.Texts, &ordersv1.GuidanceText{Language: language, Title: "A page", Uri: "https://example.com/page"})
	}
	return &ordersv1.SetGuidancePageRequest{PageKey: key, Page: p, Reason: "A new page."}
}

func (a *alone) languageTwice(t *testing.T) {
	_, err := ordersv1.NewCatalogServiceClient(a.Conn()).SetGuidancePage(a.operator(t), page("twice", "en", "EN"))
	withRemedy(t, err, codes.InvalidArgument, "LANGUAGE_TWICE", "page.texts")
}

func (a *alone) tooManyPages(t *testing.T) {
	catalog := ordersv1.NewCatalogServiceClient(a.Conn())
	var err error
	kept := 0
	for ; err == nil && kept < 300; kept++ {
		_, err = catalog.SetGuidancePage(a.operator(t), page(fmt.Sprintf("page-%d", kept), "en"))
	}
	withRemedy(t, err, codes.FailedPrecondition, "TOO_MANY_PAGES", "")
	if _, err := catalog.SetGuidancePage(a.operator(t), page("page-0", "en", "de")); err != nil {
		t.Errorf("a page that is there cannot be changed: %v", err)
	}
}

func (a *alone) startNotChosen(t *testing.T) {
	if _, err := a.customers.GrantException(a.operator(t), &ordersv1.GrantExceptionRequest{
		CustomerId: a.customer, Rule: "NEW_AGREEMENT", Reason: "As agreed.",
	}); err != nil {
		t.Fatal(err)
	}
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	draft, err := a.orders.CreateOrder(a.operator(t), &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{
		CustomerId: a.customer, ProductId: "aws-managed-service", PayerId: payer, TemplateKey: "ecam-unused",
		AccountOption: ordersv1.AccountOption_ACCOUNT_OPTION_TRANSFER_EXISTING, ManagementAccountId: "700000000001",
		SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_RESOLD, Declared: &ordersv1.DeclaredFacts{PermissionsConfirmed: true},
		StartTime: timestamppb.New(march()),
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.submit(t, draft.GetOrder().GetOrderId())
	withRemedy(t, err, codes.InvalidArgument, "START_NOT_CHOSEN", "start_time")
}

// commitmentOver has an agreement whose minimum term is long over.
func (a *alone) commitmentOver(t *testing.T) {
	o := a.ordered(t, "700000000002")
	a.hears(t, o, 1, func(tr *accounttransferv1.Transfer) {
		completed(tr)
		tr.Connection.ConnectionId, tr.Connection.Etag = id.New("con"), "1"
		tr.Connection.StartTime = timestamppb.New(march().AddDate(-3, 0, 0))
	})
	ends := ordersv1.NewTerminationServiceClient(a.Conn())
	asked, err := ends.RequestTermination(a.person(t), &ordersv1.RequestTerminationRequest{
		AgreementId: o.GetAgreementId(), Reason: "We move.",
	})
	if err != nil || !asked.GetOrder().GetTermination().GetCheck().GetOver() {
		t.Fatalf("the termination is %v, %v", asked, err)
	}
	_, err = ends.ReviewTermination(a.operator(t), &ordersv1.ReviewTerminationRequest{
		OrderId: asked.GetOrder().GetOrderId(), Outcome: exception, Reason: "As agreed.",
	})
	withRemedy(t, err, codes.FailedPrecondition, "COMMITMENT_OVER", "")
}

func (a *alone) productUnknown(t *testing.T) {
	_, err := a.orders.CreateOrder(a.operator(t), &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{
		CustomerId: a.customer, ProductId: "no-such-product",
	}})
	withRemedy(t, err, codes.InvalidArgument, "PRODUCT_UNKNOWN", "order.product_id")
}

func (a *alone) validityEmpty(t *testing.T) {
	req := page("empty", "en")
	req.Page.ValidFromTime, req.Page.ValidUntilTime = timestamppb.New(march()), timestamppb.New(march().AddDate(0, -1, 0))
	_, err := ordersv1.NewCatalogServiceClient(a.Conn()).SetGuidancePage(a.operator(t), req)
	withRemedy(t, err, codes.InvalidArgument, "VALIDITY_EMPTY", "page.valid_until_time")
}
