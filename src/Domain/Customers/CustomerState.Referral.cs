namespace ChainCrm.Domain.Customers;

// The reward of a referral. A customer whom nobody recommended has no memory for any.
public sealed partial class CustomerState
{
    /// <summary>Who recommended the customer, and the reward that stands; null when nobody did.</summary>
    public Referral? Referral => _seldom?.Referral;

    internal void Fold(ReferralRewarded e)
    {
        Debt -= e.DebtPaid;
        for (var i = 0; i < e.LotsGranted.Count; i++) Grant(e.LotsGranted[i], e.At);
        (_seldom ??= new Seldom()).Referral = new Referral(
            e.Referrer, CustomerDecider.PurchaseCommandId(e.Store, e.Receipt), e.Points, e.LotsGranted is [var lot, ..] ? lot.Lot : 0, e.ReferrerPoints, e.Delivery);
    }

    internal void Fold(ReferralWithdrawn e)
    {
        LotSum -= _lots.Take(e.LotsTaken);
        Debt += e.DebtAdded;
        (_seldom ??= new Seldom()).Referral = new Referral(e.Referrer);
    }

    /// <summary>The referrer could not have the reward: there is nothing to take back from anybody.</summary>
    private void FoldReferralGivenBack(DeliveryGivenBack e)
    {
        if (e.Kind == DeliveryKinds.Referral && _seldom?.Referral is { } referral && referral.Delivery == e.Delivery) _seldom.Referral = referral with { ReferrerPoints = Points.Zero };
    }
}
