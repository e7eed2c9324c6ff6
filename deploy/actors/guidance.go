package actors

import (
	"context"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// Guidance are the pages that a reseller would show: AWS's guides, and its own.
func Guidance() []*ordersv1.GuidancePage {
	english := func(title, uri string) []*ordersv1.GuidanceText {
		return []*ordersv1.GuidanceText{{Language: "en", Title: title, Uri: uri}}
	}
	organization := "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_create.html"
	return []*ordersv1.GuidancePage{
		{
			PageKey: "transfer-guide", ProductId: Product, TemplateKey: "billing-transfer-existing", MailKeys: []string{"accept-billing-transfer"},
			Texts: english(
				"Transfer the billing of an existing organization",
				"https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing.html",
			),
		},
		{
			PageKey: "sign-up-guide", ProductId: Product, TemplateKey: "billing-transfer-new",
			Texts: english("Create an AWS account", "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-creating.html"),
		},
		{
			PageKey: "organization-guide", ProductId: Product, TemplateKey: "billing-transfer-new", MailKeys: []string{"enter-account"},
			Texts: english("Turn the account into a management account", organization),
		},
		{
			PageKey: "organization-step", TemplateKey: "billing-transfer-new", StepKey: "enter-management-account",
			Texts: english("Turn the account into a management account", organization),
		},
		{
			PageKey: "support-levels", ProductId: Product,
			Texts: english("The support levels", "https://docs.handover.example/support-levels"),
		},
		{
			PageKey: "role-page", StepKey: "deploy-roles", MailKeys: []string{"deploy-roles", "account-follow-up"},
			Texts: append(
				english("What the Bootstrap Role is for", "https://docs.handover.example/roles"),
				&ordersv1.GuidanceText{Language: "de", Title: "Wofür die Bootstrap-Rolle da ist", Uri: "https://docs.handover.example/de/roles"},
			),
		},
		{
			PageKey: "account-training", TemplateKey: "account-request", Audience: ordersv1.GuidanceAudience_GUIDANCE_AUDIENCE_PARTNER,
			Texts: english("Training: set up and manage your AWS business", "https://training.handover.example/aws"),
		},
	}
}

// SetGuidance has every page shown that a reseller would show.
func (o Operator) SetGuidance(ctx context.Context) error {
	for _, page := range Guidance() {
		_, err := o.Catalog.SetGuidancePage(o.Once(ctx), &ordersv1.SetGuidancePageRequest{
			PageKey: page.GetPageKey(), Page: page, Reason: "The pages of the beginning.",
		})
		if err != nil {
			return err
		}
	}
	return nil
}
