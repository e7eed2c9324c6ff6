package catalogue

// BillingTransferEssentials is the id of the one product that everybody is offered (ORD-001).
const BillingTransferEssentials = "aws-billing-transfer-essentials"

// ManagedService is the id of the legacy product, kept for customers that have an agreement for it (ORD-004).
const ManagedService = "aws-managed-service"

// Products returns every product that is known, in the order of the catalogue.
func Products() []Product {
	return []Product{
		{
			ID:          BillingTransferEssentials,
			DisplayName: "Amazon Web Services with Cloud Managed Services Essentials",
			Description: "The reseller takes over the bill of your AWS organization and looks after it with the services of " +
				"Cloud Managed Services Essentials. Your accounts, your root users and your access stay yours.",
			Generation:     BillingTransfer,
			AccountOptions: []AccountOption{TransferExisting, CreateNew},
			SupportOptions: []SupportOption{PartnerLed, Resold},
			Terms: []Term{
				{MarketplaceTerms, "2026-02", "https://terms.handover.example/marketplace/2026-02"},
				{ServicesTerms, "2026-02", "https://terms.handover.example/services/2026-02"},
			},
		},
		{
			ID:          ManagedService,
			DisplayName: "Amazon Web Services - Managed Service",
			Description: "The former way: the accounts themselves move to the reseller. For customers with an active agreement.",
			Generation:  Legacy,

			AccountOptions: []AccountOption{TransferExisting},
			SupportOptions: []SupportOption{PartnerLed, Resold},
			Terms: []Term{
				{MarketplaceTerms, "2026-02", "https://terms.handover.example/marketplace/2026-02"},
				{ServicesTerms, "2026-02", "https://terms.handover.example/managed-service/2026-02"},
			},
		},
	}
}
