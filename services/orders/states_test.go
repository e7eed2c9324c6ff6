package orders_test

import (
	"fmt"
	"strconv"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders"
)

// state brings something into a state.
type state = func(t *testing.T) about

// after is a state in which something was done.
func (s *stage) after(before state, verb string) state {
	return func(t *testing.T) about {
		t.Helper()
		return s.must(t, verb, before(t))
	}
}

// told is one in which something was heard of what binds the account.
func (s *stage) told(before state, change func(*accounttransferv1.Connection)) state {
	return func(t *testing.T) about {
		t.Helper()
		return s.bound(t, before(t), 2, change)
	}
}

// hearing is an order of whose transfer something was heard.
func (s *stage) hearing(turn func(*accounttransferv1.Transfer)) state {
	return func(t *testing.T) about {
		t.Helper()
		return s.heard(t, turn)
	}
}

// withdraws is a termination that AccountTransfer carries out.
func (s *stage) withdraws(t *testing.T) about {
	t.Helper()
	return s.withdrawn(t, s.leaves(t), 2, 1, withdraws)
}

// stage brings orders, agreements and people into the states that a table has, each time anew.
type stage struct {
	*alone
	payer string
	used  int // accounts
}

func newStage(t *testing.T) *stage {
	t.Helper()
	books := &pricebooks{}
	s := &stage{alone: start(t, nobody+"\nservices: {orders: {account_questions: 1000}}", books.service()), payer: id.New("pay")}
	books.seller.Store(s.seller)
	s.know(t, s.payer, s.seller)
	s.sellsIn(t, "USD")
	return s
}

// sellsIn has the seller invoice in a further currency.
func (s *stage) sellsIn(t *testing.T, currency string) {
	t.Helper()
	_, err := ordersv1.NewSellerServiceClient(s.Conn()).UpdateSeller(s.operator(t), &ordersv1.UpdateSellerRequest{
		SellerId: s.seller, Seller: &ordersv1.Seller{FurtherCurrencyCodes: []string{currency}}, UpdateMask: mask("further_currency_codes"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *stage) account() string {
	s.used++
	return fmt.Sprintf("3%011d", s.used)
}

func (s *stage) about(o *ordersv1.Order) about {
	return about{order: o.GetOrderId(), agreement: o.GetAgreementId(), customer: s.customer, seller: s.seller}
}

func (s *stage) order(t *testing.T, orderID string) *ordersv1.Order {
	t.Helper()
	resp, err := s.orders.GetOrder(s.operator(t), &ordersv1.GetOrderRequest{OrderId: orderID})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetOrder()
}

func (s *stage) drafted(t *testing.T) about {
	t.Helper()
	return s.about(s.order(t, s.draftFor(t, s.payer, s.account())))
}

// must makes a call of the table for good.
func (s *stage) must(t *testing.T, name string, x about) about {
	t.Helper()
	if _, err := s.do(t, name, x, false); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return x
}

func (s *stage) underWay(t *testing.T) about {
	t.Helper()
	return s.must(t, "OrderService.SubmitOrder", s.drafted(t))
}

// failing is an order whose end is asked for.
func (s *stage) failing(t *testing.T) about {
	t.Helper()
	x := s.heard(t, func(*accounttransferv1.Transfer) {})
	return s.must(t, "OrderService.FailOrder", x)
}

func (s *stage) heard(t *testing.T, turn func(*accounttransferv1.Transfer)) about {
	t.Helper()
	x := s.underWay(t)
	return s.about(s.hears(t, s.order(t, x.order), 1, turn))
}

// inForce is the order that has brought an agreement in force.
func (s *stage) inForce(t *testing.T) about {
	t.Helper()
	return s.heard(t, func(tr *accounttransferv1.Transfer) {
		completed(tr)
		tr.Connection.ConnectionId = id.New("con")
	})
}

// amended is an order that ends or changes an agreement in force.
func (s *stage) amended(t *testing.T, request string) about {
	t.Helper()
	x := s.inForce(t)
	x.made = id.New("ord")
	s.must(t, request, x)
	x.order, x.made = x.made, ""
	return x
}

func (s *stage) leaves(t *testing.T) about {
	t.Helper()
	return s.amended(t, "TerminationService.RequestTermination")
}

func (s *stage) changes(t *testing.T) about {
	t.Helper()
	return s.amended(t, "ChangeService.RequestChange")
}

// bound tells of what binds the account of an agreement, in this revision.
func (s *stage) bound(t *testing.T, x about, revision int64, change func(*accounttransferv1.Connection)) about {
	t.Helper()
	a := s.agreement(t, s.operator(t), x.agreement)
	c := &accounttransferv1.Connection{
		ConnectionId: a.GetConnectionId(), TransferId: a.GetTransferId(), CustomerId: a.GetCustomerId(), OrderId: a.GetOrderId(),
		StartTime: timestamppb.New(march()), State: accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE,
	}
	change(c)
	c.Etag = strconv.FormatInt(revision, 10)
	if err := orders.HearConnection(t.Context(), s.db, c, revision); err != nil {
		t.Fatal(err)
	}
	return x
}

// withdrawn tells of an attempt to withdraw.
func (s *stage) withdrawn(t *testing.T, x about, revision int64, attempt int32, phase accounttransferv1.WithdrawalPhase) about {
	t.Helper()
	return s.bound(t, x, revision, func(c *accounttransferv1.Connection) {
		withdrawal("", phase)(c)
		c.Withdrawal.Attempt = attempt
	})
}

// keeps is a termination that is taken back after AWS has refused to carry it out.
func (s *stage) keeps(t *testing.T) about {
	t.Helper()
	x := s.withdraws(t)
	s.withdrawn(t, x, 3, 1, stuck)
	return s.must(t, "TerminationService.TakeBackTermination", x)
}

// overruns is one that somebody begins again after that, and AWS refuses again.
func (s *stage) overruns(t *testing.T) about {
	t.Helper()
	x := s.withdrawn(t, s.keeps(t), 4, 2, withdraws)
	return s.withdrawn(t, x, 5, 2, stuck)
}

func ending(c *accounttransferv1.Connection) { c.EndTime = timestamppb.New(march().AddDate(0, 6, 0)) }

func ended(c *accounttransferv1.Connection) {
	ending(c)
	c.State = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED
}

func failed(tr *accounttransferv1.Transfer) {
	tr.State = accounttransferv1.TransferState_TRANSFER_STATE_FAILED
}

func waits(tr *accounttransferv1.Transfer) {
	tr.Waiting = &typev1.Waiting{Owner: typev1.Party_PARTY_CUSTOMER, What: "Accept.", Where: "AWS console"}
}

// discount is a change of Operations that needs no review, from a month on.
func (s *stage) discount(from *typev1.Month) state {
	return func(t *testing.T) about {
		t.Helper()
		x := s.inForce(t)
		resp, err := ordersv1.NewChangeServiceClient(s.Conn()).RequestChange(s.operator(t), &ordersv1.RequestChangeRequest{
			AgreementId: x.agreement, Kind: ordersv1.ChangeKind_CHANGE_KIND_DISCOUNT, DiscountPercent: "5", FromMonth: from, Reason: "As agreed.",
		})
		if err != nil {
			t.Fatal(err)
		}
		x.order = resp.GetOrder().GetOrderId()
		return x
	}
}

// newcomer is a customer with one person and no order.
func (s *stage) newcomer(t *testing.T) about {
	t.Helper()
	resp, err := s.customers.CreateCustomer(s.operator(t), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: s.seller, DisplayName: "Example Customer", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{newPerson("Pat", primary)},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := resp.GetCustomer()
	return about{customer: c.GetCustomerId(), person: c.GetContacts()[0].GetPersonId(), seller: s.seller}
}

// staffed is a customer with two people, of whom the second is asked about.
func (s *stage) staffed(t *testing.T) about {
	t.Helper()
	x := s.newcomer(t)
	x.made = id.New("ord")
	s.must(t, "CustomerService.AddPerson", x)
	x.person, x.made = "per_"+x.made[len("ord_"):], ""
	return x
}

// contact is the technical contact of a draft, with which something happens.
func (s *stage) contact(verb string) state {
	return func(t *testing.T) about {
		t.Helper()
		x := s.staffed(t)
		x.made = id.New("ord")
		s.must(t, "OrderService.CreateOrder", x)
		if x.order, x.made = x.made, ""; verb != "" {
			s.must(t, verb, x)
		}
		return x
	}
}

// stranger is a person of another customer.
func (s *stage) stranger(t *testing.T) about {
	t.Helper()
	x := s.staffed(t)
	x.customer = s.newcomer(t).customer
	return x
}

// excepted is a customer with an exception.
func (s *stage) excepted(t *testing.T) about {
	t.Helper()
	x := s.newcomer(t)
	if _, err := s.customers.GrantException(s.operator(t), &ordersv1.GrantExceptionRequest{
		CustomerId: x.customer, Rule: "PRIVATE_PRICING", Reason: "For a year.",
	}); err != nil {
		t.Fatal(err)
	}
	return x
}

// sells is a seller without customers.
func (s *stage) sells(t *testing.T) about {
	t.Helper()
	x := about{made: id.New("ord"), customer: s.customer, seller: s.seller}
	s.must(t, "SellerService.CreateSeller", x)
	x.seller = "sel_" + x.made[len("ord_"):]
	return x
}
