(** Kernel spectra of ReLU on the unit sphere of [R^3] and [R^5], as Riemann integrals:
    [a_k = int_{-1}^1 relu(t) P_k(t) rho(t) dt] with the density [rho] of a coordinate, for odd [d] a
    polynomial; [lambda_k = a_k^2]. *)
From W2S Require Import InnerSpace.

(** Gegenbauer polynomials in dimension [d], [P_k(1) = 1], by their recurrence
    [(k + d - 2) P_{k+1} = (2k + d - 2) t P_k - k P_{k-1}]; the pair is [(P_k, P_{k+1})]. *)
Fixpoint gegenbauer_pair (d : R) (k : nat) (t : R) : R * R :=
  match k with
  | O => (1, t)
  | S m => let (p, q) := gegenbauer_pair d m t in
           (q, ((2 * INR k + d - 2) * t * q - INR k * p) / (INR k + d - 2))
  end.
Definition gegenbauer (d : R) (k : nat) (t : R) : R := fst (gegenbauer_pair d k t).
Definition relu (t : R) : R := Rmax t 0.
Definition density_3 (t : R) : R := 1 / 2.
Definition density_5 (t : R) : R := 3 / 4 * (1 - t ^ 2).

Definition coefficient (d : R) (rho : R -> R) (k : nat) (a : R) : Prop :=
  is_RInt (fun t => relu t * (rho t * gegenbauer d k t)) (-1) 1 a.

(** ReLU vanishes on the left half of the interval. *)
Lemma coefficient_half d rho k a :
  coefficient d rho k a <-> is_RInt (fun t => t * (rho t * gegenbauer d k t)) 0 1 a.
Proof.
  assert (L : is_RInt (fun t => relu t * (rho t * gegenbauer d k t)) (-1) 0 0).
  { apply (is_RInt_ext (fun _ => 0)).
    - rewrite Rmin_left, Rmax_right by lra. intros t Ht. unfold relu. rewrite Rmax_right; lra.
    - assert (Z := is_RInt_const (V := R_NormedModule) (-1) 0 0).
      change (scal _ _) with ((0 - -1) * 0) in Z. now rewrite Rmult_0_r in Z. }
  assert (E : forall t, Rmin 0 1 < t < Rmax 0 1 ->
    relu t * (rho t * gegenbauer d k t) = t * (rho t * gegenbauer d k t)).
  { rewrite Rmin_left, Rmax_right by lra. intros t Ht. unfold relu. rewrite Rmax_left; lra. }
  unfold coefficient. split; intro H.
  - apply (is_RInt_ext _ _ _ _ _ E). destruct (ex_RInt_Chasles_2 _ (-1) 0 1 ltac:(lra) (ex_intro _ a H)) as [b B].
    assert (C := is_RInt_unique _ _ _ _ (is_RInt_Chasles _ _ _ _ _ _ L B)).
    rewrite (is_RInt_unique _ _ _ _ H) in C. rewrite C. unfold plus. cbn. now rewrite Rplus_0_l.
  - rewrite <- (Rplus_0_l a). apply (is_RInt_Chasles _ (-1) 0 1 0 a L).
    apply (is_RInt_ext (fun t => t * (rho t * gegenbauer d k t))); [| exact H].
    intros t Ht. symmetry. now apply E.
Qed.
Lemma coefficient_primitive (F : R -> R) d rho k a :
  (forall t, is_derive F t (t * (rho t * gegenbauer d k t))) ->
  (forall t, continuous (fun t => t * (rho t * gegenbauer d k t)) t) ->
  F 1 - F 0 = a -> coefficient d rho k a.
Proof. intros HF Hc <-. apply coefficient_half, (is_RInt_derive F); trivial. Qed.
Ltac integrate primitive :=
  apply (coefficient_primitive primitive);
  [ intro; auto_derive; [trivial |]; unfold gegenbauer, density_3, density_5; cbn; field
  | intro; apply (@ex_derive_continuous R_AbsRing R_NormedModule);
    unfold gegenbauer, density_3, density_5; cbn; auto_derive; splits; lra || trivial
  | field ].

(** [spec-relu-3-5] [a_0 .. a_4]: [1/4, 1/6, 1/16, 0, -1/96] for [d = 3] and
    [3/16, 1/10, 1/32, 0, -1/256] for [d = 5]. *)
Theorem relu_sphere :
  let a_3 := coefficient 3 density_3 in
  let a_5 := coefficient 5 density_5 in
  a_3 0%nat (1 / 4) /\ a_3 1%nat (1 / 6) /\ a_3 2%nat (1 / 16) /\ a_3 3%nat 0 /\ a_3 4%nat (- 1 / 96) /\
  a_5 0%nat (3 / 16) /\ a_5 1%nat (1 / 10) /\ a_5 2%nat (1 / 32) /\ a_5 3%nat 0 /\ a_5 4%nat (- 1 / 256).
Proof.
  cbv zeta. splits.
  - integrate (fun t => t ^ 2 / 4).
  - integrate (fun t => t ^ 3 / 6).
  - integrate (fun t => 3 * t ^ 4 / 16 - t ^ 2 / 8).
  - integrate (fun t => t ^ 5 / 4 - t ^ 3 / 4).
  - integrate (fun t => (35 * t ^ 6 / 6 - 15 * t ^ 4 / 2 + 3 * t ^ 2 / 2) / 16).
  - integrate (fun t => 3 * t ^ 2 / 8 - 3 * t ^ 4 / 16).
  - integrate (fun t => t ^ 3 / 4 - 3 * t ^ 5 / 20).
  - integrate (fun t => - 5 * t ^ 6 / 32 + 9 * t ^ 4 / 32 - 3 * t ^ 2 / 32).
  - integrate (fun t => - 3 * t ^ 7 / 16 + 3 * t ^ 5 / 8 - 3 * t ^ 3 / 16).
  - integrate (fun t => - 63 * t ^ 8 / 256 + 35 * t ^ 6 / 64 - 45 * t ^ 4 / 128 + 3 * t ^ 2 / 64).
Qed.
