package journey

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/money"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// services is how many of AWS's services the customer uses: more than fit on a page of Cost Explorer.
const services = 130

// used lets the transfer start, and a month of usage pass, of which AWS issues its invoice on the first.
func used(l *Life) error {
	if err := l.Live(); err != nil {
		return err
	}
	relationships, err := l.Billing.ListRelationships(l.asCustomer(), &billingv1.ListRelationshipsRequest{OrderId: l.orderID})
	if err != nil {
		return fmt.Errorf("relationships: %w", err)
	}
	if n := len(relationships.GetRelationships()); n != 1 {
		return fmt.Errorf("there are %d billing relationships", n)
	}
	r := relationships.GetRelationships()[0]
	if l.relationshipID = r.GetRelationshipId(); r.GetState() != billingv1.RelationshipState_RELATIONSHIP_STATE_ACTIVE {
		return fmt.Errorf("the billing relationship is %s", r.GetState())
	}
	l.print("  live: billing relationship %s", l.relationshipID)
	issued, err := l.Use(usage()...)
	if err != nil {
		return err
	}
	for _, invoice := range issued {
		if invoice.GetSourceAccountId() == l.accountID {
			l.print("  AWS issued %s for %s: %s %s on %s", invoice.GetInvoiceId(), invoice.GetEntity(), invoice.GetTotal().GetAmount(),
				invoice.GetTotal().GetCurrencyCode(), invoice.GetIssueTime().AsTime().Format("2006-01-02"))
		}
	}
	return nil
}

// usage is a month of a customer: many services, a purchase in the marketplace, and the discount of the reseller.
func usage() []*sandboxv1.UsageLine {
	lines := []*sandboxv1.UsageLine{
		{Service: "Example Firewall", BillingEntity: "AWS Marketplace", Amount: "249.00"},
		{Service: "Amazon Elastic Compute Cloud - Compute", RecordType: "Solution Provider Program Discount", Amount: "-61.72"},
	}
	for i := range services {
		lines = append(lines, &sandboxv1.UsageLine{
			Service: fmt.Sprintf("Amazon Service %03d", i+1), UsageType: "EUC1-Requests", Region: "eu-central-1",
			Amount: fmt.Sprintf("%d.%06d", i%17, 7*i+3),
		})
	}
	return lines
}

// invoiced waits for the gate, and looks at the first invoice and its mail.
func invoiced(l *Life) error {
	now, err := l.now()
	if err != nil {
		return err
	}
	gate := calendar.MonthOf(now).Start().AddDate(0, 0, 4)
	if err := l.PassTo(gate.Add(-time.Minute)); err != nil {
		return err
	}
	early, err := l.Invoices.ListInvoices(l.asCustomer(), &billingv1.ListInvoicesRequest{OrderId: l.orderID})
	if err != nil {
		return err
	}
	if n := len(early.GetInvoices()); n > 0 {
		return fmt.Errorf("there are %d invoices before AWS's bill is final", n)
	}
	if err := l.PassTo(gate.Add(12 * time.Hour)); err != nil {
		return err
	}
	listed, err := l.Invoices.ListInvoices(l.asCustomer(), &billingv1.ListInvoicesRequest{OrderId: l.orderID})
	if err != nil {
		return err
	}
	if len(listed.GetInvoices()) != 1 {
		return fmt.Errorf("there are %d invoices: %w", len(listed.GetInvoices()), whyNot(l))
	}
	return checkInvoice(l, listed.GetInvoices()[0])
}

// whyNot says what the period waits for.
func whyNot(l *Life) error {
	listed, err := l.Billing.ListPeriods(l.asOperator(), &billingv1.ListPeriodsRequest{RelationshipId: l.relationshipID})
	if err != nil {
		return err
	}
	var words []string
	for _, p := range listed.GetPeriods() {
		words = append(words, fmt.Sprintf("%v is %s %s", p.GetMonth(), p.GetState(), p.GetHold().GetMessage()))
	}
	return fmt.Errorf("the periods: %s", strings.Join(words, "; "))
}

func checkInvoice(l *Life, i *billingv1.Invoice) error {
	if err := addsUp(i); err != nil {
		return err
	}
	compared, err := l.Reports.GetReconciliation(l.asOperator(), &billingv1.GetReconciliationRequest{PeriodId: i.GetPeriodId()})
	if err != nil {
		return err
	}
	r := compared.GetReconciliation()
	if r.GetVendorTotal().GetAmount() != r.GetCostTotal().GetAmount() {
		return fmt.Errorf("AWS invoices %v, %v was collected", r.GetVendorTotal(), r.GetCostTotal())
	}
	l.print("  invoice %s of %s: %s %s; AWS charges %s %s", i.GetNumber(), i.GetIssueTime().AsTime().Format(
		"2006-01-02",
	), i.GetTotal().GetAmount(),
		i.GetTotal().GetCurrencyCode(), r.GetVendorTotal().GetAmount(), r.GetVendorTotal().GetCurrencyCode())
	return invoiceMailed(l, i)
}

// addsUp checks that an invoice's lines are its total, to the cent.
func addsUp(i *billingv1.Invoice) error {
	total, err := money.Parse(i.GetTotal().GetCurrencyCode(), i.GetTotal().GetAmount())
	if err != nil {
		return err
	}
	left := total
	for _, line := range i.GetLines() {
		amount, err := money.Parse(line.GetAmount().GetCurrencyCode(), line.GetAmount().GetAmount())
		if err != nil {
			return err
		}
		if left, err = left.Sub(amount); err != nil {
			return err
		}
	}
	if !left.IsZero() || total.IsZero() {
		return fmt.Errorf("of the total %s the lines leave %s", total, left)
	}
	return nil
}

// invoiceMailed finds the mail of the invoice, with its document.
func invoiceMailed(l *Life, i *billingv1.Invoice) error {
	id, err := notificationAbout(l, i.GetInvoiceId())
	if err != nil {
		return err
	}
	mail, err := mailed(l, id)
	if err != nil {
		return err
	}
	document, err := l.Invoices.GetInvoiceDocument(l.asCustomer(), &billingv1.GetInvoiceDocumentRequest{InvoiceId: i.GetInvoiceId()})
	if err != nil {
		return err
	}
	if !slices.Contains(mail.GetAttachments(), document.GetFileName()) {
		return fmt.Errorf("the mail carries %v, not %s", mail.GetAttachments(), document.GetFileName())
	}
	l.print("  mailed %q with %s, %d bytes", mail.GetSubject(), document.GetFileName(), len(document.GetContent()))
	return nil
}
