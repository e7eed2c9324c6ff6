package types

// AssociationType is who the other account is to the partner.
type AssociationType string

// The values of AssociationType.
const (
	AssociationTypeDownstreamSeller AssociationType = "DOWNSTREAM_SELLER"
	AssociationTypeEndCustomer      AssociationType = "END_CUSTOMER"
	AssociationTypeInternal         AssociationType = "INTERNAL"
)

// Values are those that this version knows.
func (AssociationType) Values() []AssociationType {
	return []AssociationType{AssociationTypeDownstreamSeller, AssociationTypeEndCustomer, AssociationTypeInternal}
}

// ResaleAccountModel is who owns the accounts that are resold.
type ResaleAccountModel string

// The values of ResaleAccountModel.
const (
	ResaleAccountModelDistributor      ResaleAccountModel = "DISTRIBUTOR"
	ResaleAccountModelEndCustomer      ResaleAccountModel = "END_CUSTOMER"
	ResaleAccountModelSolutionProvider ResaleAccountModel = "SOLUTION_PROVIDER"
)

// Values are those that this version knows.
func (ResaleAccountModel) Values() []ResaleAccountModel {
	return []ResaleAccountModel{ResaleAccountModelDistributor, ResaleAccountModelEndCustomer, ResaleAccountModelSolutionProvider}
}

// Sector is the market of the other account.
type Sector string

// The values of Sector.
const (
	SectorCommercial          Sector = "COMMERCIAL"
	SectorGovernment          Sector = "GOVERNMENT"
	SectorGovernmentException Sector = "GOVERNMENT_EXCEPTION"
)

// Values are those that this version knows.
func (Sector) Values() []Sector {
	return []Sector{SectorCommercial, SectorGovernment, SectorGovernmentException}
}

// Coverage is how much of an organization a support plan covers.
type Coverage string

// The values of Coverage.
const (
	CoverageEntireOrganization    Coverage = "ENTIRE_ORGANIZATION"
	CoverageManagementAccountOnly Coverage = "MANAGEMENT_ACCOUNT_ONLY"
)

// Values are those that this version knows.
func (Coverage) Values() []Coverage {
	return []Coverage{CoverageEntireOrganization, CoverageManagementAccountOnly}
}

// Provider is who gives partner-led support.
type Provider string

// The values of Provider.
const (
	ProviderDistributor        Provider = "DISTRIBUTOR"
	ProviderDistributionSeller Provider = "DISTRIBUTION_SELLER"
)

// Values are those that this version knows.
func (Provider) Values() []Provider {
	return []Provider{ProviderDistributor, ProviderDistributionSeller}
}

// Program is a partner programme.
type Program string

// The values of Program.
const (
	ProgramSolutionProvider   Program = "SOLUTION_PROVIDER"
	ProgramDistribution       Program = "DISTRIBUTION"
	ProgramDistributionSeller Program = "DISTRIBUTION_SELLER"
)

// Values are those that this version knows.
func (Program) Values() []Program {
	return []Program{ProgramSolutionProvider, ProgramDistribution, ProgramDistributionSeller}
}

// ProgramManagementAccountStatus is where a program management account stands.
type ProgramManagementAccountStatus string

// The values of ProgramManagementAccountStatus.
const (
	ProgramManagementAccountStatusPending  ProgramManagementAccountStatus = "PENDING"
	ProgramManagementAccountStatusActive   ProgramManagementAccountStatus = "ACTIVE"
	ProgramManagementAccountStatusInactive ProgramManagementAccountStatus = "INACTIVE"
)

// Values are those that this version knows.
func (ProgramManagementAccountStatus) Values() []ProgramManagementAccountStatus {
	return []ProgramManagementAccountStatus{
		ProgramManagementAccountStatusPending, ProgramManagementAccountStatusActive, ProgramManagementAccountStatusInactive,
	}
}
