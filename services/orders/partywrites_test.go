package orders_test

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// partyWrites change who deals with whom, and what can be ordered.
func partyWrites() map[string]write {
	const person, customer, seller, catalogue, batch = "person", "customer", "seller", "catalogue", "batch"
	draft := func(x about) *ordersv1.CreateOrderRequest {
		return &ordersv1.CreateOrderRequest{OrderId: x.made, Order: &ordersv1.Order{
			CustomerId: x.customer, ProductId: "aws-billing-transfer-essentials",
		}}
	}
	return map[string]write{
		"CustomerService.UpdatePerson": {asPerson, person, func(x about) proto.Message {
			return &ordersv1.UpdatePersonRequest{
				CustomerId: x.customer, PersonId: x.person, Person: &ordersv1.Person{GivenName: "Other"}, UpdateMask: mask("given_name"),
			}
		}},
		"CustomerService.RemovePerson": {asPerson, person, func(x about) proto.Message {
			return &ordersv1.RemovePersonRequest{CustomerId: x.customer, PersonId: x.person}
		}},
		"CustomerService.ErasePerson": {asOperator, person, func(x about) proto.Message {
			return &ordersv1.ErasePersonRequest{CustomerId: x.customer, PersonId: x.person, Reason: "Asked in writing."}
		}},
		"CustomerService.CreateCustomer": {asOperator, seller, func(x about) proto.Message {
			return &ordersv1.CreateCustomerRequest{
				CustomerId: "cus_" + x.made[len("ord_"):],
				Customer:   &ordersv1.Customer{SellerId: x.seller, DisplayName: "Further Customer", CountryCode: "CH"},
				Contacts:   []*ordersv1.NewContact{newPerson("Fay", primary)},
			}
		}},
		"CustomerService.AddPerson": {asPerson, customer, func(x about) proto.Message {
			return &ordersv1.AddPersonRequest{CustomerId: x.customer, PersonId: "per_" + x.made[len("ord_"):], Person: newPerson("Ned", technical)}
		}},
		"CustomerService.UpdateCustomer": {asOperator, customer, func(x about) proto.Message {
			return &ordersv1.UpdateCustomerRequest{
				CustomerId: x.customer, Customer: &ordersv1.Customer{DisplayName: "Other Name"}, UpdateMask: mask("display_name"),
			}
		}},
		"CustomerService.SetProvider": {asOperator, customer, func(x about) proto.Message {
			return &ordersv1.SetProviderRequest{
				CustomerId: x.customer, Provider: &ordersv1.Provider{CurrencyCode: "EUR", PricebookId: "pbk_00000000000000000000000000"},
			}
		}},
		"CustomerService.GrantException": {asOperator, customer, func(x about) proto.Message {
			return &ordersv1.GrantExceptionRequest{CustomerId: x.customer, Rule: "PRIVATE_PRICING", Reason: "As agreed."}
		}},
		"CustomerService.RevokeException": {asOperator, customer, func(x about) proto.Message {
			return &ordersv1.RevokeExceptionRequest{CustomerId: x.customer, Rule: "PRIVATE_PRICING"}
		}},
		"OrderService.CreateOrder": {asOperator, customer, func(x about) proto.Message { return draft(x) }},
		"OrderService.BatchCreateOrders": {asOperator, batch, func(x about) proto.Message {
			return &ordersv1.BatchCreateOrdersRequest{Requests: []*ordersv1.CreateOrderRequest{draft(x)}}
		}},
		"OrderService.BatchSendOrders": {asOperator, batch, func(x about) proto.Message {
			return &ordersv1.BatchSendOrdersRequest{Requests: []*ordersv1.SendOrderRequest{{OrderId: x.order}}}
		}},
		"SellerService.CreateSeller": {asOperator, seller, func(x about) proto.Message {
			return &ordersv1.CreateSellerRequest{SellerId: "sel_" + x.made[len("ord_"):], Seller: &ordersv1.Seller{
				DisplayName: "Further Reseller", LegalName: "Further Reseller AG", CountryCodes: []string{"CH"}, CurrencyCode: "EUR",
			}}
		}},
		"SellerService.UpdateSeller": {asOperator, seller, func(x about) proto.Message {
			return &ordersv1.UpdateSellerRequest{
				SellerId: x.seller, Seller: &ordersv1.Seller{CurrencyCode: "CHF"}, UpdateMask: mask("currency_code"),
			}
		}},
		"CatalogService.SetRuleValidity": {asOperator, catalogue, func(about) proto.Message {
			return &ordersv1.SetRuleValidityRequest{
				Rule: "PRIVATE_PRICING", ValidUntilTime: timestamppb.New(march()), Reason: "AWS allows it from then on.",
			}
		}},
		"CatalogService.SetSaleWindow": {asOperator, catalogue, func(about) proto.Message {
			return &ordersv1.SetSaleWindowRequest{
				ProductId: "aws-managed-service", SaleEndTime: timestamppb.New(march()), Reason: "AWS ends it then.",
				Partitions: []ordersv1.AwsPartition{ordersv1.AwsPartition_AWS_PARTITION_AWS},
			}
		}},
		"CatalogService.SetGuidancePage": {asOperator, catalogue, func(about) proto.Message {
			return &ordersv1.SetGuidancePageRequest{PageKey: "role-page", Reason: "The roles have changed.", Page: &ordersv1.GuidancePage{
				ProductId: "aws-billing-transfer-essentials",
				Texts:     []*ordersv1.GuidanceText{{Language: "en", Title: "Roles", Uri: "https://example.com/roles"}},
			}}
		}},
	}
}
