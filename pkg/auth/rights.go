package auth

// OperatorRights are all the rights that the contract asks of operators, for the tokens of a development deployment.
func OperatorRights() []string {
	return []string{"sellers", "customers", "orders", "transfers", "payers", "cases", "billing", "notifications", "operations", "sandbox"}
}
