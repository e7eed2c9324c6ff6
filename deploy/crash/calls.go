package main

import "slices"

// calls are all that the suite makes, each in a scenario that makes it.
func calls() []call {
	return slices.Concat(callsOfOrganizations(), callsOfPartners(), callsOfRoles(), callsOfBilling(), callsOfServiceNow(), callsOfMail())
}

func callsOfOrganizations() []call {
	const service, invite, describe = "organizations", "InviteOrganizationToTransferResponsibility", "DescribeResponsibilityTransfer"
	return []call{
		{"accepted", service, invite, "", precondition{}},
		{"accepted", service, describe, "", precondition{}},
		{"accepted", service, "ListInboundResponsibilityTransfers", "submit", lost(invite, 1)},
		{"accepted", service, "DescribeHandshake", "submit", lost(invite, 1)},
		{"declined", service, describe, "declined", precondition{}},
		{"rejected", service, "CancelHandshake", "", precondition{}},
		{"rejected", service, describe, "rejected", precondition{}},
		{"accepted while rejected", service, "TerminateResponsibilityTransfer", "", precondition{}},
		{"accepted while rejected", service, describe, "decided", precondition{}},
		{"roles missing", service, "TerminateResponsibilityTransfer", "", precondition{}},
		{"withdrawn in AWS", service, describe, "withdrawn", precondition{}},
	}
}

func callsOfPartners() []call {
	const service, group, relate = "partnercentral-channel", "CreateBillingGroup", "CreateRelationship"
	const propose, list = "CreateChannelHandshake", "ListChannelHandshakes"
	return []call{
		{"accepted", "billingconductor", group, "", precondition{}},
		{"accepted", "billingconductor", "ListBillingGroups", "accepted", lost(group, attempts)},
		{"accepted", service, relate, "", precondition{}},
		{"accepted", service, "ListRelationships", "accepted", lost(relate, attempts)},
		{"accepted", service, propose, "", precondition{}},
		{"accepted", service, list, "accepted", lost(propose, attempts)},
		{"completed", service, list, "term accepted", precondition{}},
		{"rejected under contract", service, "CancelChannelHandshake", "", precondition{}},
		{"rejected under contract", service, list, "decided", precondition{}},
		{"roles missing", service, propose, "decided", precondition{}},
		{"roles missing", service, list, "decided", precondition{}},
		{"withdrawn in AWS", service, "CancelChannelHandshake", "withdrawn", precondition{}},
	}
}

func callsOfRoles() []call {
	return []call{
		{"accepted", "sts", "AssumeRole", "", precondition{}}, // the payer's
		{"completed", "sts", "AssumeRole", "role deployed", precondition{}},
	}
}

func callsOfBilling() (all []call) {
	for _, step := range []string{"first month collected", "first month invoiced"} {
		all = append(all,
			call{"invoiced", "invoicing", "ListInvoiceSummaries", step, precondition{}},
			call{"invoiced", "billing", "ListBillingViews", step, precondition{}},
			call{"invoiced", "ce", "GetCostAndUsage", step, precondition{}},
		)
	}
	return all
}

func callsOfServiceNow() []call {
	const service, create, read = "servicenow", "POST sn_customerservice_case", "GET sn_customerservice_case"
	const write, journal = "PATCH sn_customerservice_case", "GET sys_journal_field"
	return []call{
		{"completed", service, create, "", precondition{}},
		{"completed", service, read, "", lost(create, 1)},
		{"completed", service, write, "", duplicated(create)}, // it takes the second record back
		{"completed", service, write, "commented here", precondition{}},
		{"completed", service, journal, "commented here", lost(write, 1)},
		{"completed", service, journal, "commented in ServiceNow", precondition{}},
		{"completed", service, write, "resolved", precondition{}},
	}
}

func callsOfMail() (all []call) {
	for _, command := range []string{"MAIL", "DATA"} {
		all = append(all, call{"declined", "smtp", command, "send", precondition{}}) // it may come twice
	}
	for _, command := range []string{"MAIL", "RCPT", "DATA"} {
		all = append(all,
			call{"declined", "smtp", command, "reminded", precondition{}},             // it must not come twice
			call{"invoiced", "smtp", command, "first month invoiced", precondition{}}, // it has an attachment
		)
	}
	return all
}
