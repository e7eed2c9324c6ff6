package orders_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestErasePerson: what was personal is gone from every answer and from every byte that the process keeps; the id stays.
func TestErasePerson(t *testing.T) {
	t.Parallel()
	a := start(t, linkBase, newNeighbours().services()...)
	secrets := [][]byte{[]byte("Zebulon"), []byte("Quarrington"), []byte("zq@example.com"), []byte("+41 44 765 43 21")}
	request := &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: a.seller, DisplayName: "Example Customer", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{{
			GivenName: "Zebulon", FamilyName: "Quarrington", Email: "zq@example.com", Phone: "+41 44 765 43 21",
			Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY},
		}},
	}
	created, err := a.customers.CreateCustomer(rpc.WithKey(a.operator(t), "create-1"), request) // with a key, so that its answer is stored
	if err != nil {
		t.Fatal(err)
	}
	customerID, personID := created.GetCustomer().GetCustomerId(), created.GetCustomer().GetContacts()[0].GetPersonId()
	data := filepath.Dir(a.env.Data)
	if found := holding(t, data, secrets[0]); len(found) == 0 {
		t.Fatal("the person is nowhere, so nothing is proven")
	}
	erase := func(personID string, validateOnly bool) (*ordersv1.ErasePersonResponse, error) {
		return a.customers.ErasePerson(a.operator(t), &ordersv1.ErasePersonRequest{
			CustomerId: customerID, PersonId: personID, Reason: "Asked in writing.", ValidateOnly: validateOnly,
		})
	}
	if tried, err := erase(personID, true); err != nil || len(tried.GetEvents()) != 2 || len(holding(t, data, secrets[0])) == 0 {
		t.Errorf("only tried: %v, %v", tried, err)
	}
	erased, err := erase(personID, false)
	if err != nil || len(erased.GetCustomer().GetContacts()) != 1 {
		t.Fatalf("erased: %v, %v", erased, err)
	}
	got, err := a.customers.GetCustomer(a.operator(t), &ordersv1.GetCustomerRequest{CustomerId: customerID})
	if err != nil || len(got.GetPersons()) != 1 {
		t.Fatalf("read: %v, %v", got, err)
	}
	if p := got.GetPersons()[0]; !p.GetErased() || p.GetPersonId() != personID ||
		p.GetGivenName()+p.GetFamilyName()+p.GetEmail()+p.GetPhone()+p.GetLanguage() != "" {
		t.Errorf("the person is %v", p)
	}
	for _, secret := range secrets {
		if found := holding(t, data, secret); len(found) > 0 {
			t.Errorf("%q is still in %v", secret, found)
		}
	}
	for _, gone := range []string{personID, id.New("per")} {
		_, err := erase(gone, false)
		isRefused(t, err, codes.NotFound, "PERSON_UNKNOWN")
	}
	order, err := a.orders.CreateOrder(a.operator(t), &ordersv1.CreateOrderRequest{
		Order: &ordersv1.Order{CustomerId: customerID, ProductId: "aws-billing-transfer-essentials"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: order.GetOrder().GetOrderId()})
	isRefused(t, err, codes.InvalidArgument, "CONTACT_UNKNOWN")
}

// holding returns the files below a folder that hold these bytes.
func holding(t *testing.T, folder string, wanted []byte) (found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, wanted) {
			found = append(found, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
