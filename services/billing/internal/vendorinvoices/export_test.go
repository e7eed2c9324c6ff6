package vendorinvoices

// What tests of the readings need.
var (
	InvoiceOf = invoiceOf
	IsOver    = isOver
)
