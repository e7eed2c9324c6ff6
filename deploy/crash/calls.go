package main

import "slices"

// calls are all the suite makes, each in a life that comes past it.
func calls() []outside {
	return slices.Concat(callsOfOrganizations(), callsOfPartners(), callsOfRoles(), callsOfBilling(), callsOfServiceNow(), callsOfMail())
}

func callsOfOrganizations() []outside {
	const service, invite, describe = "organizations", "InviteOrganizationToTransferResponsibility", "DescribeResponsibilityTransfer"
	return []outside{
		{"accepted", service, invite, "", trouble{}},
		{"accepted", service, describe, "", trouble{}},
		{"accepted", service, "ListInboundResponsibilityTransfers", "submit", lost(invite, 1)},
		{"accepted", service, "DescribeHandshake", "submit", lost(invite, 1)},
		{"declined", service, describe, "declined", trouble{}},
		{"rejected", service, "CancelHandshake", "", trouble{}},
		{"rejected", service, describe, "rejected", trouble{}},
		{"accepted while rejected", service, "TerminateResponsibilityTransfer", "", trouble{}},
		{"accepted while rejected", service, describe, "decided", trouble{}},
		{"roles missing", service, "TerminateResponsibilityTransfer", "", trouble{}},
	}
}

func callsOfPartners() []outside {
	const service, group, relate = "partnercentral-channel", "CreateBillingGroup", "CreateRelationship"
	const propose, list = "CreateChannelHandshake", "ListChannelHandshakes"
	return []outside{
		{"accepted", "billingconductor", group, "", trouble{}},
		{"accepted", "billingconductor", "ListBillingGroups", "accepted", lost(group, attempts)},
		{"accepted", service, relate, "", trouble{}},
		{"accepted", service, "ListRelationships", "accepted", lost(relate, attempts)},
		{"accepted", service, propose, "", trouble{}},
		{"accepted", service, list, "accepted", lost(propose, attempts)},
		{"completed", service, list, "term accepted", trouble{}},
		{"rejected under contract", service, "CancelChannelHandshake", "", trouble{}},
		{"rejected under contract", service, list, "decided", trouble{}},
		{"roles missing", service, propose, "decided", trouble{}},
		{"roles missing", service, list, "decided", trouble{}},
	}
}

func callsOfRoles() []outside {
	return []outside{
		{"accepted", "sts", "AssumeRole", "", trouble{}}, // the payer's
		{"completed", "sts", "AssumeRole", "role deployed", trouble{}},
		{"completed", "sts", "GetCallerIdentity", "role deployed", trouble{}},
	}
}

func callsOfBilling() (all []outside) {
	for _, act := range []string{"first month collected", "first month invoiced"} {
		all = append(all,
			outside{"invoiced", "invoicing", "ListInvoiceSummaries", act, trouble{}},
			outside{"invoiced", "billing", "ListBillingViews", act, trouble{}},
			outside{"invoiced", "ce", "GetCostAndUsage", act, trouble{}},
		)
	}
	return all
}

func callsOfServiceNow() []outside {
	const service, create, read = "servicenow", "POST sn_customerservice_case", "GET sn_customerservice_case"
	const write, journal = "PATCH sn_customerservice_case", "GET sys_journal_field"
	return []outside{
		{"completed", service, create, "", trouble{}},
		{"completed", service, read, "", trouble{}},
		{"completed", service, read, "", lost(create, 1)},
		{"completed", service, write, "", doubled(create)}, // it takes the second record back
		{"completed", service, write, "said", trouble{}},
		{"completed", service, journal, "said", lost(write, 1)},
		{"completed", service, journal, "heard", trouble{}},
		{"completed", service, write, "resolved", trouble{}},
	}
}

func callsOfMail() (all []outside) {
	for _, command := range []string{"MAIL", "RCPT", "DATA"} {
		all = append(all,
			outside{"declined", "smtp", command, "send", trouble{}},                 // it may come twice
			outside{"declined", "smtp", command, "reminded", trouble{}},             // it must not
			outside{"invoiced", "smtp", command, "first month invoiced", trouble{}}, // it has an attachment
		)
	}
	return all
}
