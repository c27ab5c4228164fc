using System.Globalization;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Domain.Tests.Examples;

/// <summary>The two columns of the chapter on stored value: what moved, and what is on the card.</summary>
internal static class StoredValueExample
{
    /// <summary>Principal and gift to the card or from it, and what is paid or paid back in money.</summary>
    public static string Moved(Decision<CustomerEvent> decision)
    {
        foreach (var happened in decision.Events)
        {
            switch (happened)
            {
                case StoredValueToppedUp e: return Parts(new StoredValue(e.Amount, e.Gift));
                case StoredValueRefunded e: return Parts(StoredValue.Zero - new StoredValue(e.Amount, e.GiftWithdrawn));
                case PurchaseRecorded e when e.StoredValueUsed != default:
                    return $"{Parts(StoredValue.Zero - e.StoredValueUsed)}; money {Yuan(e.Amount - e.PointsValue - e.StoredValueUsed.Sum())}";
                case LinesReturned e when e.StoredValueBalance != default || e.StoredValueBackSoFar != default:
                    return $"{Parts(e.StoredValueBack)}; money {Yuan(e.Amount - e.PointsValue - e.StoredValueBack.Sum())}";
            }
        }

        return "–";
    }

    /// <summary>Principal and gift.</summary>
    public static string OnCard(CustomerState state) =>
        $"{Yuan(state.StoredValue.Principal)} + {Yuan(state.StoredValue.Gift)}{(state.IsStoredValueFrozen ? " frozen" : "")}";

    private static string Parts(StoredValue moved) => $"{Signed(moved.Principal)} {Signed(moved.Gift)}";

    private static string Signed(Money money) => $"{(money > Money.Zero ? "+" : money < Money.Zero ? "−" : "")}{Yuan(new Money(Math.Abs(money.Minor)))}";

    private static string Yuan(Money money) => (money.Minor / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
