using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Grains.Personal;

namespace ChainCrm.Silo.Wall;

/// <summary>
/// Opens the name of the few customers whose line is shown, and masks it at once. All other lines never touch personal data. The time is
/// bounded: a line without a name is better than a late wall.
/// </summary>
internal sealed class WallNames(IEngine engine, IPersonalVault vault)
{
    /// <summary>The masked name, or null when there is none, it was erased, or it took too long.</summary>
    public async ValueTask<string?> MaskedAsync(string chain, string customer)
    {
        using var timeout = new CancellationTokenSource(HostLimits.WallNameTimeoutMs);
        try
        {
            return await OpenAsync(chain, customer, timeout.Token).AsTask().WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async ValueTask<string?> OpenAsync(string chain, string customer, CancellationToken cancellation)
    {
        var grain = new GrainId(chain, GrainKinds.Customer, customer);
        var reply = await engine.ReadAsync<CustomerState, int, Sealed?>(grain, 0, static (state, _) => state.Profile);
        if (reply.Value is null) return null;
        var personal = await vault.OpenAsync(chain, new CustomerId(customer), reply.Value, cancellation);
        return Masking.Name(personal?.Name);
    }
}
