using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class EnrolmentTests
{
    private static readonly IdentityRef Phone = new(IdentityKind.Phone, "AAECAwQFBgcICQoLDA0ODw");
    private static readonly IdentityRef Card = new(IdentityKind.Card, "Dw4NDAsKCQgHBgUEAwIBAA");

    [Fact]
    public void A_person_becomes_a_member_of_the_chain()
    {
        var story = Stranger().When(Enrol("S1", Phone, Card));
        story.Then<CustomerEnrolled>().Tier.ShouldBe(new TierId("member"));
        story.State.IsEnrolled.ShouldBeTrue();
        story.State.HomeStore.ShouldBe(new StoreId("S1"));
        story.State.Identities.ShouldBe([Phone, Card]);
        story.State.Profile.ShouldBe(new Sealed([1, 2, 3]));
        story.State.MemberSince.ShouldBe(story.Now);
    }

    [Fact]
    public void Enrolling_the_same_again_changes_nothing()
    {
        var story = Given();
        story.When(Enrol()).Last.Events.ShouldBeEmpty();
        story.Last.Rejection.ShouldBeNull();
    }

    [Fact]
    public void Enrolling_a_member_as_another_is_refused() => Given().When(Enrol("S2")).ThenRejected(CustomerRejections.AlreadyEnrolled);

    [Fact]
    public void The_same_identity_twice_is_refused() => Stranger().When(Enrol("S1", Phone, Phone)).ThenRejected(CustomerRejections.IdentitiesInvalid);

    [Fact]
    public void Too_many_identities_are_refused() =>
        Stranger().When(Enrol("S1", [.. Enumerable.Range(0, 11).Select(i => new IdentityRef(IdentityKind.Card, $"card{i}"))]))
            .ThenRejected(CustomerRejections.IdentitiesInvalid);

    [Fact]
    public void A_home_store_must_be_well_formed() => Stranger().When(Enrol("S 1")).ThenRejected(CustomerRejections.HomeStoreInvalid, "homeStore");

    [Fact]
    public void A_profile_must_not_be_empty_or_huge()
    {
        Act With(byte[] bytes) => story => ((Enrol)Enrol()(story)!) with { Profile = new Sealed(bytes) };
        Stranger().When(With([])).ThenRejected(CustomerRejections.ProfileInvalid);
        Stranger().When(With(new byte[Limits.SealedBytesMax + 1])).ThenRejected(CustomerRejections.ProfileInvalid);
    }

    [Fact]
    public void A_changed_profile_replaces_the_whole_and_names_what_it_gives_up()
    {
        var story = Stranger().And(Enrol("S1", Phone, Card));
        var changed = story.When(ChangeProfile(7, null, Card)).Then<ProfileChanged>();
        changed.HomeStore.ShouldBe(new StoreId("S1"));
        changed.Released.ShouldBe([Phone]);
        story.State.Identities.ShouldBe([Card]);
        story.State.Profile.ShouldBe(new Sealed([7]));
    }

    [Fact]
    public void Changing_to_what_already_is_changes_nothing()
    {
        var story = Given(ChangeProfile(7, "S2", Card));
        story.When(ChangeProfile(7, null, Card)).Last.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Indexes_that_can_not_be_packed_are_kept_as_they_are()
    {
        IdentityRef[] odd = [new(IdentityKind.External, "plain"), new(IdentityKind.Card, "AAECAwQFBgcICQoLDA0ODx")];
        Stranger().And(Enrol("S1", odd)).State.Identities.ShouldBe(odd);
    }

    [Theory]
    [MemberData(nameof(AllButEnrol))]
    public void Nobody_is_no_customer(string name, Act act)
    {
        name.ShouldNotBeEmpty();
        Stranger().When(act).ThenRejected(CustomerRejections.NotEnrolled);
    }

    public static TheoryData<string, Act> AllButEnrol() => new()
    {
        { "purchase", Buy("R1", 100) },
        { "return", ReturnAll("R1") },
        { "redeem", Redeem(1) },
        { "adjust", Adjust(1) },
        { "profile", ChangeProfile(1, null) },
    };
}
