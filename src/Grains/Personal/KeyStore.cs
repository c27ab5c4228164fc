using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace ChainCrm.Grains.Personal;

/// <summary>
/// Wraps and unwraps what a <see cref="KeyTable"/> keeps. One writer commits whatever is waiting in one durable transaction, so a key is on disk before anybody seals with
/// it and twenty thousand a second cost a few commits.
/// </summary>
internal sealed class KeyStore : IAsyncDisposable
{
    private readonly KeyTable _table;
    private readonly Channel<Work> _waiting = Channel.CreateBounded<Work>(new BoundedChannelOptions(GrainLimits.VaultQueueMax) { SingleReader = true });
    private readonly Task _loop;
    private volatile WrappingKeys _keys;

    // A rotation whose outcome is unknown: before anything else is wrapped it must be known.
    private bool _isUnsettled;

    /// <param name="table">Open; disposed of with this.</param>
    /// <param name="master">The master key in force.</param>
    public KeyStore(KeyTable table, MasterKey master)
    {
        _table = table;
        _keys = new WrappingKeys(new WrappingKey(master.Id, master.WrappingKey()), null);
        _loop = Task.Run(WriteAsync);
    }

    /// <summary>The customer's key, made and durable when there was none.</summary>
    public Task<byte[]> GetOrMakeAsync(string chain, string customer, CancellationToken cancellation) =>
        SubmitAsync(new Work { Chain = chain, Customer = customer }, cancellation)!;

    /// <summary>Destroys the customer's key for good.</summary>
    public Task DestroyAsync(string chain, string customer, CancellationToken cancellation) =>
        SubmitAsync(new Work { Chain = chain, Customer = customer, IsDestroy = true }, cancellation);

    /// <summary>Wraps everything with another master key, in one transaction. One rotation at a time.</summary>
    public Task RotateAsync(MasterKey next, CancellationToken cancellation) => SubmitAsync(new Work { Next = next }, cancellation);

    /// <summary>The customer's key, or null.</summary>
    public async Task<byte[]?> FindAsync(string chain, string customer, CancellationToken cancellation) =>
        await _table.FindAsync(chain, customer, cancellation) is { } found ? Unwrap(found) : null;

    /// <summary>The id of the master key that the secrets are wrapped with at this moment; null when there are none yet.</summary>
    public ValueTask<string?> MasterIdAsync(CancellationToken cancellation) => _table.MasterIdAsync(cancellation);

    public IWrappedKeys Reader() => _table.Reader();

    /// <summary>A secret of 32 bytes that outlives rotations; made at the first call. Only before the first other call.</summary>
    public async ValueTask<byte[]> SecretAsync(string name, CancellationToken cancellation)
    {
        var current = _keys.Current;
        var associated = Sealing.Associated("secret", name, "");
        var kept = await _table.SecretAsync(name, () => new(name, current.Id, Sealing.Seal(current.Key, RandomNumberGenerator.GetBytes(Sealing.KeyBytes), associated)), cancellation);
        return Sealing.Open(current.Key, kept.Wrapped, associated);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        await _table.DisposeAsync();
    }

    private async Task<byte[]?> SubmitAsync(Work work, CancellationToken cancellation)
    {
        try
        {
            await _waiting.Writer.WriteAsync(work, cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new VaultUnavailableException("The vault is closed.", closed);
        }

        return await work.Done.Task.WaitAsync(cancellation);
    }

    private async Task WriteAsync()
    {
        var batch = new List<Work>(GrainLimits.VaultBatchMax);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Count < GrainLimits.VaultBatchMax && _waiting.Reader.TryRead(out var work)) batch.Add(work);
            await TryAsync(batch.Where(work => work.Next is null), CommitAsync);
            foreach (var rotation in batch.Where(work => work.Next is not null)) await TryAsync([rotation], RotateAsync);
            batch.Clear();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong belongs to the callers of this batch; the writer goes on.")] // The reason is the justification.
    private async Task TryAsync(IEnumerable<Work> batch, Func<List<Work>, Task> commit)
    {
        // In key order, so that neighbours share pages. The sort is stable: what one customer asked stays in its order.
        var ordered = batch.OrderBy(work => work.Chain, StringComparer.Ordinal).ThenBy(work => work.Customer, StringComparer.Ordinal).ToList();
        if (ordered.Count == 0) return;
        try
        {
            await SettleAsync();
            await commit(ordered);
        }
        catch (Exception failure)
        {
            foreach (var work in ordered) work.Done.TrySetException(failure);
        }
    }

    private async Task CommitAsync(List<Work> ordered)
    {
        var changes = new List<KeyChange>(ordered.Count);
        var (keys, places) = (new List<byte[]?>(ordered.Count), new int[ordered.Count]);
        using (var cipher = new AesGcm(_keys.Current.Key, 16))
        {
            for (var i = 0; i < ordered.Count; i++)
            {
                var work = ordered[i];
                // Many at once for one customer ask for one key.
                if (i > 0 && IsSame(ordered[i - 1], work)) places[i] = changes.Count - 1;
                else
                {
                    places[i] = changes.Count;
                    var key = work.IsDestroy ? null : RandomNumberGenerator.GetBytes(Sealing.KeyBytes);
                    keys.Add(key);
                    changes.Add(new(work.Chain, work.Customer, key is null ? null : Wrap(cipher, _keys.Current.Id, work.Chain, work.Customer, key)));
                }
            }
        }

        var found = await _table.CommitAsync(changes, CancellationToken.None);
        for (var i = 0; i < ordered.Count; i++) ordered[i].Done.SetResult(found[places[i]] is { } there ? Unwrap(there) : keys[places[i]]);
    }

    private async Task RotateAsync(List<Work> single)
    {
        var to = new WrappingKey(single[0].Next!.Id, single[0].Next!.WrappingKey());
        // Readers may meet rows of either key until the commit is theirs to see, so both stay known.
        _keys = new WrappingKeys(_keys.Current, to);
        using var cipher = new AesGcm(to.Key, 16);
        _isUnsettled = true;
        await _table.RewrapAsync(
            secret => secret with { MasterKeyId = to.Id, Wrapped = Rewrap(cipher, secret.MasterKeyId, secret.Wrapped, Sealing.Associated("secret", secret.Name, "")) },
            key => key with { MasterKeyId = to.Id, Wrapped = Rewrap(cipher, key.MasterKeyId, key.Wrapped, Sealing.Associated("key", key.Chain, key.Customer)) }, CancellationToken.None);
        (_keys, _isUnsettled) = (new WrappingKeys(to, _keys.Current), false);
        single[0].Done.SetResult(null);
    }

    /// <summary>After a rotation that failed: whatever the table says is in force.</summary>
    private async Task SettleAsync()
    {
        if (!_isUnsettled) return;
        var inForce = await _table.MasterIdAsync(CancellationToken.None);
        if (_keys.Other is { } other && other.Id == inForce) _keys = new WrappingKeys(other, _keys.Current);
        _isUnsettled = false;
    }

    private byte[] Rewrap(AesGcm cipher, string fromId, byte[] wrapped, byte[] associated)
    {
        var clear = Sealing.Open(_keys.Named(fromId), wrapped, associated);
        var anew = Sealing.Seal(cipher, clear, associated);
        CryptographicOperations.ZeroMemory(clear);
        return anew;
    }

    private static WrappedCustomerKey Wrap(AesGcm cipher, string masterId, string chain, string customer, byte[] key) =>
        new(chain, customer, masterId, Sealing.Seal(cipher, key, Sealing.Associated("key", chain, customer)));

    private byte[] Unwrap(WrappedCustomerKey key) => Sealing.Open(_keys.Named(key.MasterKeyId), key.Wrapped, Sealing.Associated("key", key.Chain, key.Customer));

    private static bool IsSame(Work one, Work other) => one.Chain == other.Chain && one.Customer == other.Customer && one.IsDestroy == other.IsDestroy;

    private sealed record WrappingKey(string Id, byte[] Key);

    /// <summary>The key that wraps new ones and, during and after a rotation, the other one.</summary>
    private sealed record WrappingKeys(WrappingKey Current, WrappingKey? Other)
    {
        public byte[] Named(string id) =>
            Current.Id == id ? Current.Key
            : Other?.Id == id ? Other.Key
            : throw new PersonalDataDamagedException($"A customer's key is wrapped by the master key {id}, which is not here.");
    }

    private sealed class Work
    {
        public string Chain { get; init; } = "";
        public string Customer { get; init; } = "";
        public bool IsDestroy { get; init; }
        public MasterKey? Next { get; init; }
        public TaskCompletionSource<byte[]?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
