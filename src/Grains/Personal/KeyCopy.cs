namespace ChainCrm.Grains.Personal;

/// <summary>Copies wrapped keys from one place to another, and compares two places. Opens no key.</summary>
public static class KeyCopy
{
    /// <summary>Copies everything, and commits it.</summary>
    /// <returns>Customers' keys copied.</returns>
    /// <exception cref="VaultUnavailableException">A side can't be read or written now; nothing was written, or it is unknown whether it was.</exception>
    public static async Task<long> RunAsync(IWrappedKeys from, IWrappedKeyWriter to, CancellationToken cancellation = default)
    {
        foreach (var secret in await from.SecretsAsync(cancellation)) await to.AddAsync(secret, cancellation);
        var count = 0L;
        await foreach (var key in AllAsync(from, cancellation))
        {
            await to.AddAsync(key, cancellation);
            count++;
        }

        await to.CommitAsync(cancellation);
        return count;
    }

    /// <summary>Reads both from beginning to end. Null when they hold the same, byte for byte; otherwise where they first differ, without anything of a key.</summary>
    /// <exception cref="VaultUnavailableException">A side can't be read now.</exception>
    public static async Task<string?> DifferenceAsync(IWrappedKeys one, IWrappedKeys other, CancellationToken cancellation = default)
    {
        var (mine, theirs) = (await one.SecretsAsync(cancellation), await other.SecretsAsync(cancellation));
        if (mine.Count != theirs.Count) return FormattableString.Invariant($"{mine.Count} secrets on one side, {theirs.Count} on the other");
        for (var i = 0; i < mine.Count; i++)
        {
            if (mine[i].Name != theirs[i].Name || mine[i].MasterKeyId != theirs[i].MasterKeyId || !mine[i].Wrapped.AsSpan().SequenceEqual(theirs[i].Wrapped))
                return $"the secret {mine[i].Name} is not the same on both sides";
        }

        await using var left = AllAsync(one, cancellation).GetAsyncEnumerator(cancellation);
        await using var right = AllAsync(other, cancellation).GetAsyncEnumerator(cancellation);
        for (var number = 1L; ; number++)
        {
            var (hasLeft, hasRight) = (await left.MoveNextAsync(), await right.MoveNextAsync());
            if (!hasLeft && !hasRight) return null;
            if (hasLeft != hasRight) return FormattableString.Invariant($"one side ends before key {number}");
            if (left.Current.Chain != right.Current.Chain || left.Current.Customer != right.Current.Customer || left.Current.MasterKeyId != right.Current.MasterKeyId
                || !left.Current.Wrapped.AsSpan().SequenceEqual(right.Current.Wrapped))
                return FormattableString.Invariant($"key {number} is not the same on both sides");
        }
    }

    private static async IAsyncEnumerable<WrappedCustomerKey> AllAsync(IWrappedKeys keys, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var (chain, customer) = ("", "");
        while (await keys.AfterAsync(chain, customer, GrainLimits.VaultBatchMax, cancellation) is { Count: > 0 } page)
        {
            foreach (var key in page) yield return key;
            (chain, customer) = (page[^1].Chain, page[^1].Customer);
        }
    }
}
