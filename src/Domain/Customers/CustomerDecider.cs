using System.Diagnostics;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>
/// The rules of one customer. Pure: time and ids arrive in the command. Each rule is a class of its own beside this one (Enrolment,
/// Purchases, Returns, PointRules); what they share is in Burning, Earning, TierRules and LotMerging.
/// </summary>
public static partial class CustomerDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<CustomerEvent> Decide(CustomerState state, CustomerCommand command, Programme programme)
    {
        if (!IdRules.IsValid(command.Origin)) return CustomerRejections.OriginInvalid;
        return command switch
        {
            Enrol enrol => Enrolment.Decide(state, enrol, programme),
            ChangeProfile change => Enrolment.Decide(state, change),
            RecordPurchase purchase => Purchases.Decide(state, purchase, programme),
            ReturnLines back => Returns.Decide(state, back, programme),
            RedeemPoints redeem => PointRules.Decide(state, redeem),
            AdjustPoints adjust => PointRules.Decide(state, adjust, programme),
            TransferPoints transfer => TransferRules.Decide(state, transfer, programme),
            TakeDelivery take => DeliveryRules.Decide(state, take, programme),
            SettleDelivery settle => DeliveryRules.Decide(state, settle, programme),
            ExtendPoints extend => PointExtension.Decide(state, extend),
            FreezePoints freeze => PointRules.Decide(state, freeze),
            ReleasePoints release => PointRules.Decide(state, release),
            TopUpStoredValue topUp => StoredValueRules.Decide(state, topUp, programme),
            RefundStoredValue refund => StoredValueRules.Decide(state, refund, programme),
            FreezeStoredValue freeze => StoredValueRules.Decide(state, freeze),
            ReleaseStoredValue release => StoredValueRules.Decide(state, release),
            IssueCoupons issue => CouponRules.Decide(state, issue, programme),
            RevokeCoupon revoke => CouponRules.Decide(state, revoke),
            AddTag add => TagRules.Decide(state, add, programme),
            RemoveTag remove => TagRules.Decide(state, remove),
            OpenBasket open => BasketRules.Decide(state, open, programme),
            ChangeBasket change => BasketRules.Decide(state, change, programme),
            CancelBasket cancel => BasketRules.Decide(state, cancel),
            WakeCustomer wake => PointRules.Decide(state, wake, programme),
            _ => throw new UnreachableException($"No rule decides {command.GetType().Name}."),
        };
    }

    /// <summary>Folds one event; changes and returns the same object. After the last event of an entry call <see cref="CustomerState.EntryFolded"/>.</summary>
    public static CustomerState Evolve(CustomerState state, CustomerEvent happened)
    {
        switch (happened)
        {
            case CustomerEnrolled e: state.Fold(e); return state;
            case ProfileChanged e: state.Fold(e); return state;
            case PurchaseRecorded e: state.Fold(e); return state;
            case LinesReturned e: state.Fold(e); return state;
            case PointsRedeemed e: state.Fold(e); return state;
            case PointsAdjusted e: state.Fold(e); return state;
            case PointsExpired e: state.Fold(e); return state;
            case PointsExtended e: state.Fold(e); return state;
            case PointsFrozen: state.FoldPointsFreeze(true); return state;
            case PointsReleased: state.FoldPointsFreeze(false); return state;
            case DeliverySent e: state.Fold(e); return state;
            case DeliveryReceived e: state.Fold(e); return state;
            case DeliveryArrived e: state.Fold(e); return state;
            case DeliveryGivenBack e: state.Fold(e); return state;
            case TierChanged e: state.Fold(e); return state;
            case TierProlonged e: state.Fold(e); return state;
            case TierForecast e: state.Fold(e); return state;
            case LotsMerged e: state.Fold(e); return state;
            case StoredValueToppedUp e: state.Fold(e); return state;
            case StoredValueRefunded e: state.Fold(e); return state;
            case StoredValueFrozen: state.FoldFreeze(true); return state;
            case StoredValueReleased: state.FoldFreeze(false); return state;
            case CouponsIssued e: state.Fold(e); return state;
            case CouponRevoked e: state.Fold(e); return state;
            case CouponsExpired e: state.Fold(e); return state;
            case TagAdded e: state.Fold(e); return state;
            case TagRemoved e: state.Fold(e); return state;
            case BasketOpened e: state.Fold(e); return state;
            case BasketChanged e: state.Fold(e); return state;
            case BasketCancelled e: state.CloseBasket(e.Basket); return state;
            case BasketCommitted e: state.CloseBasket(e.Basket); return state;
            case BasketsExpired e: state.Fold(e); return state;
            default: throw new UnreachableException($"Nothing folds {happened.GetType().Name}.");
        }
    }

    /// <summary>The command id of a purchase on the stream of its customer: <c>store/receipt</c>.</summary>
    public static string PurchaseCommandId(StoreId store, string receipt) => $"{store.Value}/{receipt}";

    /// <summary>Which older entries of the customer's stream a return needs: the purchase, and the last return of it when there was one.</summary>
    public static (string PurchaseCommandId, long? LastReturnVersion) FactsFor(CustomerState state, ReturnLines command) =>
        (PurchaseCommandId(command.PurchaseStore, command.PurchaseReceipt), state.LastReturnOf(command.PurchaseStore, command.PurchaseReceipt));
}
