using System.Security.Cryptography;
using ChainCrm.Grains.Personal;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Personal;

public sealed class KeyedHashTests
{
    [Fact]
    public void A_hash_is_the_HMAC_of_key_and_content_whatever_their_lengths()
    {
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            // Around the block of 64 bytes, where a longer key is hashed itself first; the empty key is one too.
            var key = Bytes(random, i < 3 ? i : random.Next(150));
            using var keyed = new KeyedHash([.. key]);
            for (var j = 0; j < 40; j++) ShouldAgree(keyed, key, Bytes(random, j == 20 ? 0 : random.Next(300)));
            ShouldAgree(keyed, key, Bytes(random, 100_000));
        }
    }

    [Fact]
    public async Task Many_threads_at_once_get_their_own_hashes()
    {
        var key = Bytes(new Random(6), 32);
        using var keyed = new KeyedHash([.. key]);
        // More threads than places for idle hashes: some make one of their own and let it go again.
        await Task.WhenAll(Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(seed => OnItsThread(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 2_000; i++) ShouldAgree(keyed, key, Bytes(random, random.Next(200)));
        }))).OrSay("all threads were done");
    }

    [Fact]
    public void A_hash_that_is_idle_is_taken_again_and_nothing_is_allocated()
    {
        using var keyed = new KeyedHash(Bytes(new Random(7), 32));
        var content = new byte[200];
        Span<byte> hash = stackalloc byte[KeyedHash.Bytes];
        keyed.Hash(content, hash);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) keyed.Hash(content, hash);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_call_that_fails_leaves_nothing_of_its_content_to_the_next()
    {
        var key = Bytes(new Random(8), 32);
        using var keyed = new KeyedHash([.. key]);
        for (var i = 0; i < 5; i++)
        {
            Should.Throw<ArgumentException>(() => keyed.Hash("left over"u8, new byte[KeyedHash.Bytes - 1]));
            ShouldAgree(keyed, key, "abc"u8.ToArray());
        }
    }

    [Fact]
    public void Disposing_wipes_the_key_and_refuses_every_later_call()
    {
        var key = Bytes(new Random(9), 32);
        var keyed = new KeyedHash(key);
        keyed.Hash("abc"u8, new byte[KeyedHash.Bytes]);
        keyed.Dispose();
        key.ShouldAllBe(part => part == 0);
        Should.Throw<ObjectDisposedException>(() => keyed.Hash("abc"u8, new byte[KeyedHash.Bytes]));
        keyed.Dispose();
    }

    [Fact]
    public async Task Calls_beside_the_disposal_are_right_or_refused_never_wrong()
    {
        var key = Bytes(new Random(10), 32);
        var expected = HMACSHA256.HashData(key, "abc"u8);
        for (var round = 0; round < 200; round++)
        {
            var keyed = new KeyedHash([.. key]);
            var callers = Enumerable.Range(0, 3).Select(_ => OnItsThread(() => HashUntilRefused(keyed, expected))).ToList();
            // Rounds differ in how far the callers have come.
            Thread.SpinWait(round * 20);
            keyed.Dispose();
            await Task.WhenAll(callers).OrSay("every caller was refused in the end");
        }
    }

    private static void HashUntilRefused(KeyedHash keyed, byte[] expected)
    {
        var hash = new byte[KeyedHash.Bytes];
        while (true)
        {
            try
            {
                keyed.Hash("abc"u8, hash);
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            if (!hash.AsSpan().SequenceEqual(expected)) throw new ShouldAssertException("A wiped key was hashed with.");
        }
    }

    private static Task OnItsThread(Action act) => Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void ShouldAgree(KeyedHash keyed, byte[] key, byte[] content)
    {
        var hash = new byte[KeyedHash.Bytes];
        keyed.Hash(content, hash);
        if (!hash.AsSpan().SequenceEqual(HMACSHA256.HashData(key, content)))
            throw new ShouldAssertException($"The hash of {Convert.ToHexString(content)} under {Convert.ToHexString(key)} is wrong.");
    }
}
