using ChainCrm.Client.Replay;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Replay;

public sealed class ReplayStateTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"state-{Guid.NewGuid():N}");
    private readonly ReplayIdentity _identity = new() { File = "f", Options = "o", Journal = "j", Operations = 3 };

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void What_was_noted_is_there_when_the_same_replay_goes_on()
    {
        using (var first = ReplayState.OpenOrCreate(_file, _identity))
        {
            first.Set(0, ReplayState.Recorded);
            first.Set(2, 150);
        }

        using var second = ReplayState.OpenOrCreate(_file, _identity);
        second.AlreadyDone.ShouldBe(2);
        second.Outcomes.ToArray().ShouldBe([ReplayState.Recorded, ReplayState.Open, 150]);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("options")]
    [InlineData("journal")]
    public void A_state_of_another_file_mapping_or_server_is_not_used(string changed)
    {
        using (var first = ReplayState.OpenOrCreate(_file, _identity)) first.Set(0, ReplayState.Recorded);

        var other = changed switch
        {
            "file" => _identity with { File = "x" },
            "options" => _identity with { Options = "x" },
            _ => _identity with { Journal = "x" },
        };
        using var second = ReplayState.OpenOrCreate(_file, other);
        second.AlreadyDone.ShouldBe(0);
    }

    [Fact]
    public void A_finished_replay_leaves_no_file()
    {
        using var state = ReplayState.OpenOrCreate(_file, _identity);
        state.Finish();

        File.Exists(_file).ShouldBeFalse();
    }
}
