package template

// Keys of the templates.
const (
	OrderLink             = "order-link"
	OrderDraftReminder    = "order-draft-reminder"
	EnterAccount          = "enter-account"
	AcceptBillingTransfer = "accept-billing-transfer"
	AcceptServiceTerm     = "accept-service-term"
	DeployRoles           = "deploy-roles"
	OrderCompleted        = "order-completed"
	OrderFailed           = "order-failed"
	OrderRejected         = "order-rejected"
	AgreementEnded        = "agreement-ended"

	AgreementEndedOperations = "agreement-ended-operations"
	EscalationOperations     = "escalation-operations"
	Invoice                  = "invoice"
)

// All returns every version of every template. Times are parameters in RFC 3339, months are "2026-03": the mail says
// them in its language, and shows anything else as it is.
func All() []Template {
	return []Template{
		{ // NTF-002
			Key: OrderLink, Version: 1,
			Params: []string{"product"}, Optional: []string{"account_id", "expire_time"}, Secrets: []string{"link"}, Repeat: true,
		},
		{
			Key: OrderDraftReminder, Version: 1,
			Params: []string{"product"}, Optional: []string{"order_id", "account_id"},
		},
		{
			Key: EnterAccount, Version: 1,
			Params: []string{"order_id"}, Optional: []string{"product", "where"},
		},
		{ // NTF-003, NTF-005
			Key: AcceptBillingTransfer, Version: 1,
			Params: []string{"account_id", "accept_by", "start"}, Optional: []string{"where"},
		},
		{ // NTF-004
			Key: AcceptServiceTerm, Version: 1,
			Params: []string{"account_id", "months"}, Optional: []string{"where", "accept_by"},
		},
		{
			Key: DeployRoles, Version: 1,
			Params: []string{"account_id", "url", "external_id"}, Optional: []string{"due"},
		},
		{
			Key: OrderCompleted, Version: 1,
			Params: []string{"product"}, Optional: []string{"account_id", "start", "end"},
		},
		{
			Key: OrderFailed, Version: 1,
			Params: []string{"product", "code"}, Optional: []string{"account_id"},
		},
		{
			Key: OrderRejected, Version: 1,
			Params: []string{"product"}, Optional: []string{"account_id", "reason"},
		},
		{
			Key: AgreementEnded, Version: 1,
			Params: []string{"product", "end"}, Optional: []string{"account_id"},
		},
		{ // for Operations
			Key: AgreementEndedOperations, Version: 1,
			Params: []string{"customer_id", "agreement_id", "end"}, Optional: []string{"account_id", "reason"},
		},
		{ // for Operations: what takes longer than planned, in the words of the service that waits
			Key: EscalationOperations, Version: 1,
			Params: []string{"title", "body"}, Optional: []string{"where", "account_id"},
		},
		{
			Key: Invoice, Version: 1,
			Params: []string{"number", "month", "total", "due"}, Repeat: true, AttachesInvoice: true,
		},
	}
}
