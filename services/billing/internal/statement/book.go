package statement

import (
	"cmp"
	"maps"
	"slices"

	"example.com/handover/pkg/money"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/pricebook"
)

// book is a statement under way: the sums of its lines and accounts.
type book struct {
	in       *Input
	rates    map[Entity]*Exchange // nil: the same currency
	lines    map[kind]*entry
	accounts map[string]*account
	nobodys  map[string]bool // discounts of which nobody has said whose they are
	unknown  map[string]bool // record types that nobody knows

	groupless map[string]bool // accounts with support and without a group, and whether that holds
	otherPlan map[string]bool // accounts for whose support AWS shows another plan than was reported

	shown shown // the support plans that AWS charges
	ledBy bool  // the reseller supports this month, and AWS's own support is not the customer's
	out   Statement
}

// entry is a line under way.
type entry struct {
	description string
	price       *sum
	charges     int
}

// account is an account under way.
type account struct {
	usage       *sum // the usage as it is billed, which percentages are of
	base        *sum // what Business Support is a share of
	cost, price *sum
}

// newBook looks the rates up first: without one there are no figures.
func newBook(in *Input) *book {
	b := &book{
		in: in, rates: map[Entity]*Exchange{}, lines: map[kind]*entry{}, accounts: map[string]*account{},
		nobodys: map[string]bool{}, unknown: map[string]bool{}, groupless: map[string]bool{}, otherPlan: map[string]bool{},
		shown: in.shows(),
	}
	b.ledBy = in.Terms.PartnerLedSupport && b.shown.has(anyAccount, enterprisePlan)
	base := Currencies(in.Charges, in.Invoices)
	if len(base) == 0 || base[0] == in.Book.CurrencyCode {
		return b
	}
	for _, entity := range in.entities() {
		x, hold := in.exchange(entity, base[0])
		if hold != nil {
			b.out.Holds = append(b.out.Holds, *hold)
			continue
		}
		b.rates[entity] = x
		b.out.Exchanges = append(b.out.Exchanges, *x)
	}
	if len(b.out.Holds) > 0 {
		b.out.Exchanges = nil
	}
	return b
}

// entities are those that charge or invoice something, in order.
func (in *Input) entities() []Entity {
	seen := map[Entity]bool{}
	for _, c := range in.Charges {
		seen[c.Entity] = true
	}
	for _, v := range in.Invoices {
		seen[v.Entity] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// add prices one row. What is withheld costs the reseller and makes no line; tax that is withheld the reseller settles with its tax office.
func (b *book) add(c Charge) error {
	k := kindOf(c, b.in.Rules.Plans, b.in.Book)
	if k.nobodys {
		b.nobodys[k.recordType] = true
	}
	if k.category == pricebook.Other {
		b.unknown[c.RecordType] = true
	}
	rule, _ := b.in.Book.Rule(k.category, b.in.Month)
	cost, err := convert(c.Amount, b.rates[c.Entity])
	if err != nil {
		return err
	}
	a, hidden := b.account(c.Account), b.hides(c, k)
	payer := a
	if hidden { // all accounts pay for it by their usage, none of them alone
		payer = b.account("")
	}
	if k.category != pricebook.Tax || !rule.Withheld {
		payer.cost.add(cost)
	}
	b.look(c, k)
	if b.asCharged(c, k) {
		rule = pricebook.Rule{}
	}
	if rule.Withheld || k.covered || hidden || b.replaces(c, k) {
		return nil
	}
	added, err := percent(cost, rule.Percent)
	if err != nil {
		return err
	}
	price, err := cost.Add(added)
	if err != nil {
		return err
	}
	if k.category == pricebook.Usage {
		a.usage.add(price)
	}
	if slices.Contains(b.in.Rules.BusinessBase, k.category) {
		a.base.add(price)
	}
	b.bill(k, describe(k), c.Account, price)
	return nil
}

// bill puts an amount to a line and an account.
func (b *book) bill(k kind, description, accountID string, price money.Money) {
	e := b.lines[k]
	if e == nil {
		e = &entry{description: description, price: newSum(b.in.Book.CurrencyCode)}
		b.lines[k] = e
	}
	e.price.add(price)
	e.charges++
	b.account(accountID).price.add(price)
}

func (b *book) account(id string) *account {
	a := b.accounts[id]
	if a == nil {
		currency := b.in.Book.CurrencyCode
		a = &account{newSum(currency), newSum(currency), newSum(currency), newSum(currency)}
		b.accounts[id] = a
	}
	return a
}

// agreed bills what the terms add to the rows: the discount off the usage as it is billed, and the reseller's own support, which the
// discount does not lessen. Both are counted account by account, so that each has its part of them.
func (b *book) agreed() error {
	if b.in.Terms.Discount != "" {
		off, err := money.ParseRate("-" + b.in.Terms.Discount)
		if err != nil {
			return err
		}
		words := "Agreed discount, " + b.in.Terms.Discount + " % of the usage"
		if err := b.ofUsage(kind{category: pricebook.Discount, recordType: words}, words, off); err != nil {
			return err
		}
	}
	if err := b.partnerLed(); err != nil {
		return err
	}
	return b.businessSupport()
}

// ofUsage bills a percentage of the usage.
func (b *book) ofUsage(k kind, description string, hundredths money.Rate) error {
	for _, id := range slices.Sorted(maps.Keys(b.accounts)) {
		usage := b.accounts[id].usage
		if usage.err != nil {
			return usage.err
		}
		share, err := percent(usage.of, hundredths)
		if err != nil {
			return err
		}
		b.bill(k, description, id, share)
	}
	return nil
}

// close adds everything up and rounds it.
func (b *book) close() error {
	for _, k := range slices.SortedFunc(maps.Keys(b.lines), kind.compare) {
		e := b.lines[k]
		if e.price.err != nil {
			return e.price.err
		}
		b.out.Lines = append(b.out.Lines, Line{Category: k.category, Description: e.description, Exact: e.price.of, Charges: e.charges})
	}
	for _, name := range sorted(b.nobodys) {
		b.out.Holds = append(b.out.Holds, Hold{CodeDiscountUnknown, text.New("hold.discount_unknown", "record_type", name)})
	}
	b.compareSupport()
	b.guardGroups()
	if err := b.out.show(b.in.Book.CurrencyCode); err != nil {
		return err
	}
	return b.margins()
}

// compare is the order in which an invoice shows its lines.
func (k kind) compare(o kind) int {
	return cmp.Or(cmp.Compare(place(k.category), place(o.category)), cmp.Compare(k.recordType, o.recordType))
}

// warn names what is to be looked at and stops nothing.
func (b *book) warn() {
	silent := map[string]bool{}
	for _, c := range b.in.Charges {
		silent[string(c.Entity)] = !slices.ContainsFunc(b.in.Invoices, func(v VendorInvoice) bool { return v.Entity == c.Entity })
	}
	for _, name := range sorted(b.unknown) {
		b.out.Warnings = append(b.out.Warnings, Warning{WarnRecordTypeUnknown, name})
	}
	for _, name := range sorted(silent) {
		if silent[name] {
			b.out.Warnings = append(b.out.Warnings, Warning{WarnEntityNotInvoiced, name})
		}
	}
}
