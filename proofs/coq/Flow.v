(** Lemma 1 without a spectrum: gradient flow on the top layer of a finite network.

    The student is [f(t) = sum_i w_i(t) sigma_i]. Its weights solve [w' = -(1/2) grad] of the
    population loss on the labels [fT], that is [w_i' = <sigma_i, fT - f>], from [w = 0]. No
    eigenvectors, no genericity, any features: the residual correlations [g_i = <sigma_i, fT - f>]
    satisfy [<g(s), g(t)> = |g((s+t)/2)|^2], because the Gram is symmetric. *)
From Coq Require Import Reals Lra Lia Psatz Arith.
From Coquelicot Require Import Coquelicot.
From W2S Require Import InnerSpace Shrinkage.
Open Scope R_scope.

Lemma is_derive_rsum (f df : nat -> R -> R) (n : nat) (t : R) :
  (forall i, (i < n)%nat -> is_derive (f i) t (df i t)) ->
  is_derive (fun t => rsum (fun i => f i t) n) t (rsum (fun i => df i t) n).
Proof.
  induction n; intro H; cbn; [apply @is_derive_const |].
  apply @is_derive_plus; [apply IHn; auto with arith | apply H; auto with arith].
Qed.

(** From the mean value theorem: a nonnegative derivative, and a zero one. *)
Lemma derivative_nonneg (f df : R -> R) (a b : R) :
  a <= b -> (forall t, a <= t <= b -> is_derive f t (df t)) ->
  (forall t, a <= t <= b -> 0 <= df t) -> f a <= f b.
Proof.
  intros Hab Hd Hp. destruct Hab as [Hab | ->]; [| lra].
  destruct (MVT_gen f a b df) as (c & Hc & E).
  - intros t Ht. rewrite Rmin_left, Rmax_right in Ht by lra. apply Hd. lra.
  - intros t Ht. rewrite Rmin_left, Rmax_right in Ht by lra.
    apply derivable_continuous_pt. exists (df t). apply is_derive_Reals, Hd. lra.
  - rewrite Rmin_left, Rmax_right in Hc by lra. specialize (Hp c Hc). nra.
Qed.
Lemma derivative_zero (f df : R -> R) (a b : R) :
  a <= b -> (forall t, a <= t <= b -> is_derive f t (df t)) ->
  (forall t, a <= t <= b -> df t = 0) -> f a = f b.
Proof.
  intros Hab Hd Hz. apply Rle_antisym.
  - apply (derivative_nonneg f df); trivial. intros t Ht. rewrite Hz by trivial. lra.
  - apply Ropp_le_cancel, (derivative_nonneg (fun t => - f t) (fun t => - df t)); trivial.
    + intros t Ht. apply @is_derive_opp, Hd, Ht.
    + intros t Ht. rewrite Hz by trivial. lra.
Qed.

Section TopLayerFlow.
Context {V : inner_space} (features : nat -> V) (width : nat) (fT : V) (w : nat -> R -> R).

Definition network (t : R) : V := vsum (fun i => w i t) features width.
Definition residual (i : nat) (t : R) : R := ip (features i) (vsub fT (network t)).

Definition gradient_flow : Prop :=
  forall i, (i < width)%nat ->
    w i 0 = 0 /\ forall t, 0 <= t -> is_derive (w i) t (residual i t).

Hypothesis Hflow : gradient_flow.

Let Gram i j := ip (features i) (features j).

Lemma residual_ode i t :
  0 <= t -> is_derive (residual i) t (- rsum (fun j => Gram i j * residual j t) width).
Proof using Hflow.
  intro Ht.
  apply (is_derive_ext (fun t => ip (features i) fT - rsum (fun j => Gram i j * w j t) width)).
  { intro s. unfold residual, network, Gram. rewrite ip_sub_r, (ip_sym V _ (vsum _ _ _)), ip_vsum.
    f_equal. apply rsum_ext. intros. rewrite (ip_sym V (features i)). ring. }
  rewrite <- (Rminus_0_l (rsum _ _)).
  apply @is_derive_minus; [apply @is_derive_const |].
  apply (is_derive_rsum (fun j t => Gram i j * w j t) (fun j t => Gram i j * residual j t)).
  intros j Hj. apply is_derive_scal, Hflow; trivial.
Qed.

Lemma gram_symmetric (x y : nat -> R) :
  rsum (fun i => rsum (fun j => Gram i j * x j) width * y i) width
  = rsum (fun i => x i * rsum (fun j => Gram i j * y j) width) width.
Proof using.
  transitivity (rsum (fun i => rsum (fun j => Gram i j * x j * y i) width) width).
  - apply rsum_ext. intros. rewrite Rmult_comm, <- rsum_scal. apply rsum_ext. intros. ring.
  - rewrite rsum_swap. apply rsum_ext. intros. rewrite <- rsum_scal. apply rsum_ext.
    intros. unfold Gram. rewrite ip_sym. ring.
Qed.

(** [<g(m - r), g(m + r)>] does not depend on [r]. *)
Lemma residual_reflection m r :
  0 <= r <= m ->
  rsum (fun i => residual i (m - r) * residual i (m + r)) width
  = rsum (fun i => residual i m * residual i m) width.
Proof using Hflow.
  intros [R0 R1].
  set (g := residual). set (A := fun i t => rsum (fun j => Gram i j * g j t) width).
  pose (f := fun s => rsum (fun i => g i (m - s) * g i (m + s)) width).
  pose (df := fun s => rsum (fun i => A i (m - s) * g i (m + s) - g i (m - s) * A i (m + s)) width).
  assert (E : f 0 = f r).
  { apply (derivative_zero f df); trivial.
    - intros s Hs. apply (is_derive_rsum (fun i s => g i (m - s) * g i (m + s))
        (fun i s => A i (m - s) * g i (m + s) - g i (m - s) * A i (m + s))). intros i Hi.
      assert (D1 := residual_ode i (m - s) ltac:(lra)).
      assert (D2 := residual_ode i (m + s) ltac:(lra)).
      fold g in D1, D2. fold (A i (m - s)) in D1. fold (A i (m + s)) in D2.
      auto_derive; [repeat split; eexists; eassumption |].
      change (fun x => g i x) with (g i). change (m + - s) with (m - s).
      rewrite (is_derive_unique _ _ _ D1), (is_derive_unique _ _ _ D2). ring.
    - intros s Hs. unfold df, A. rewrite rsum_minus, gram_symmetric. ring. }
  unfold f in E. rewrite Rminus_0_r, Rplus_0_r in E. symmetry. exact E.
Qed.

(** [lem-1] Gradient flow on the top layer is shrinkage optimal at every time. *)
Theorem lem_1_flow (t : R) : 0 <= t -> shrinkage_optimal fT (network t).
Proof using Hflow.
  intro Ht. apply shrinkage_iff_ip.
  pose (f := fun s => rsum (fun i => residual i t * w i s) width).
  pose (df := fun s => rsum (fun i => residual i t * residual i s) width).
  replace (ip (network t) (vsub fT (network t))) with (f t).
  2: { unfold network at 1. rewrite ip_vsum. apply rsum_ext. intros. apply Rmult_comm. }
  replace 0 with (f 0).
  2: { unfold f. rewrite (rsum_ext _ (fun i => 0 * residual i t)), rsum_scal; [ring |].
       intros i Hi. rewrite (proj1 (Hflow i Hi)). ring. }
  apply (derivative_nonneg f df); trivial.
  - intros s Hs. apply (is_derive_rsum (fun i s => residual i t * w i s)
      (fun i s => residual i t * residual i s)).
    intros i Hi. apply is_derive_scal, Hflow; lra || trivial.
  - intros s Hs. unfold df. rewrite (rsum_ext _
      (fun i => residual i ((t + s) / 2 - (t - s) / 2) * residual i ((t + s) / 2 + (t - s) / 2))).
    + rewrite residual_reflection by lra. apply rsum_pos. intros. apply Rle_0_sqr.
    + intros i Hi. rewrite Rmult_comm. f_equal; f_equal; field.
Qed.
End TopLayerFlow.
